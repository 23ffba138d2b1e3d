import { encodePart } from "../address/encode-part.ts";
import type { Own } from "../address/view-address.ts";
import { readZoom, wholeTrace, writeZoom, type Zoom } from "./zoom.ts";

/** How a person looks at a trace: what of it, and which rows. All of it is in the address. */
export interface TimelineView {
  readonly zoom: Zoom;
  /** Id of the row whose subtree is looked at. */
  readonly focus: string | undefined;
  /** Shorter rows are left out. */
  readonly minMs: number;
  /** Empty: all. */
  readonly services: readonly string[];
  readonly onlyFailed: boolean;
  readonly onlyMatches: boolean;
  readonly showsPath: boolean;
}

/** What the address says. */
export function readTimelineView(own: Own): TimelineView {
  const minMs = Number(own.min ?? 0);
  return {
    zoom: readZoom(own.zoom),
    focus: /^[0-9a-f]{16}$/.test(own.focus ?? "") ? own.focus : undefined,
    minMs: Number.isFinite(minMs) && minMs > 0 ? minMs : 0,
    services: (own.services ?? "").split(",").filter(Boolean).map(decodeComponent),
    onlyFailed: own.failed === "only",
    onlyMatches: own.matches === "only",
    showsPath: own.path !== "off",
  };
}

/** The same in the address' words; what is not said is empty. */
export function writeTimelineView(view: Partial<TimelineView>): Own {
  const { zoom, services } = view;
  return {
    ...("zoom" in view && { zoom: writeZoom(zoom ?? wholeTrace) }),
    ...("focus" in view && { focus: view.focus ?? "" }),
    ...("minMs" in view && { min: view.minMs ? String(view.minMs) : "" }),
    ...(services !== undefined && { services: services.map(encodePart).join(",") }),
    ...("onlyFailed" in view && { failed: view.onlyFailed ? "only" : "" }),
    ...("onlyMatches" in view && { matches: view.onlyMatches ? "only" : "" }),
    ...("showsPath" in view && { path: view.showsPath ? "" : "off" }),
  };
}

function decodeComponent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A mistyped address: a service of that name will not be found.
    return text;
  }
}
