import type { State } from "../ui/icon-paths.ts";

/** The colours that the canvas draws with: those of the page's style sheet. */
export interface Palette {
  readonly surface: string;
  readonly sunken: string;
  readonly line: string;
  readonly lineStrong: string;
  readonly text: string;
  readonly muted: string;
  readonly accent: string;
  readonly focus: string;
  readonly ground: string;
  readonly states: Readonly<Record<State, string>>;
  readonly stateTexts: Readonly<Record<State, string>>;
  readonly scale: readonly [low: string, high: string];
  readonly face: string;
}

/** Reads the colours that hold for an element now; again after the theme has changed. */
export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element);
  const of = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    surface: of("surface"),
    sunken: of("sunken"),
    line: of("line"),
    lineStrong: of("line-strong"),
    text: of("text"),
    muted: of("muted"),
    accent: of("accent"),
    focus: of("focus"),
    ground: of("ground"),
    states: { ok: of("ok"), error: of("error"), throttle: of("throttle"), fault: of("fault") },
    stateTexts: { ok: of("ok-text"), error: of("error-text"), throttle: of("throttle-text"), fault: of("fault-text") },
    scale: [of("scale-low"), of("scale-high")],
    face: style.fontFamily,
  };
}

/** A colour between two, both `#rrggbb`. */
export function mix(low: string, high: string, share: number): string {
  const channel = (at: number): number => {
    const from = Number.parseInt(low.slice(at, at + 2), 16);
    const to = Number.parseInt(high.slice(at, at + 2), 16);
    return Math.round(from + (to - from) * Math.min(1, Math.max(0, share)));
  };
  return `rgb(${channel(1)} ${channel(3)} ${channel(5)})`;
}
