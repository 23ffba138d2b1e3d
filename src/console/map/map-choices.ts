import type { Own } from "../address/view-address.ts";

/** How the map is looked at, as far as a person would want to share it. */
export interface MapChoices {
  readonly percentile: Percentile;
  /** What services are gathered by; absent: by whatever makes a map of many services readable. */
  readonly group: Grouping | undefined;
  /** Keys of the groups that are not as they were found: opened where all are closed, closed where all are open. */
  readonly turned: readonly string[];
  /** How many calls away from a selection still belongs to it. */
  readonly hops: number;
  /** Each operation of a service stands for itself. */
  readonly isSplit: boolean;
  /** The part of a split service, or of both ends of a split call, that is selected. */
  readonly part: string | undefined;
  /** Start of the step of time that is shown, in epoch seconds; absent: the whole range. */
  readonly atSeconds: number | undefined;
  /** Places of services that were put there by hand, as `writePins` has them. */
  readonly pins: string | undefined;
}

export type Percentile = "p50" | "p95" | "p99";
export type Grouping = "none" | "name" | "type" | "account" | "environment" | "hub";

export const percentiles: readonly Percentile[] = ["p50", "p95", "p99"];
export const groupings: readonly Grouping[] = ["none", "name", "type", "account", "environment", "hub"];

/** More steps than a map is deep. */
export const mostHops = 9;

/** The choices in an address. What cannot be read counts as not said. */
export function readChoices(own: Own): MapChoices {
  const hops = Number(own.hops);
  const atSeconds = Number(own.at);
  return {
    percentile: percentiles.find((each) => each === own.percentile) ?? "p95",
    group: groupings.find((each) => each === own.group),
    turned: readList(own.turned),
    hops: own.hops === "all" ? Number.POSITIVE_INFINITY : hops >= 1 && hops <= mostHops ? Math.floor(hops) : 1,
    isSplit: own.split === "operation",
    part: own.part,
    atSeconds: own.at !== undefined && atSeconds > 0 && Number.isFinite(atSeconds) ? atSeconds : undefined,
    pins: own.places,
  };
}

/** Choices in the words of an address; what has its default is an empty word, and is left out there. */
export function writeChoices(change: Partial<MapChoices>): Own {
  const words: Record<string, string> = {};
  if (change.percentile !== undefined) words.percentile = change.percentile === "p95" ? "" : change.percentile;
  if ("group" in change) words.group = change.group ?? "";
  if (change.turned !== undefined) words.turned = change.turned.length === 0 ? "" : JSON.stringify(change.turned);
  if (change.hops !== undefined) words.hops = change.hops === 1 ? "" : hopsText(change.hops);
  if (change.isSplit !== undefined) words.split = change.isSplit ? "operation" : "";
  if ("part" in change) words.part = change.part ?? "";
  if ("atSeconds" in change) words.at = change.atSeconds === undefined ? "" : String(change.atSeconds);
  if ("pins" in change) words.places = change.pins ?? "";
  return words;
}

/** How far a focus reaches, in one word. */
export function hopsText(hops: number): string {
  return Number.isFinite(hops) ? String(hops) : "all";
}

function readList(text: string | undefined): readonly string[] {
  if (text === undefined) return [];
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? list.filter((each) => typeof each === "string") : [];
  } catch {
    // An address may be cut short: then nothing is turned.
    return [];
  }
}
