import type { ColourBy } from "../address/view-address.ts";
import { formatDuration, formatRate, plural } from "../ui/format.ts";
import type { State } from "../ui/icon-paths.ts";
import type { Figures } from "./figures.ts";
import type { Percentile } from "./map-choices.ts";
import type { MapView } from "./map-view.ts";

/** The worst that happened, and to how large a share of the calls. */
export function worstState({ fault, throttle, error, total }: Figures): { state: State; count: number; share: number } {
  const [state, count] = (
    [
      ["fault", fault],
      ["throttle", throttle],
      ["error", error],
    ] as const
  ).find((each) => each[1] > 0) ?? ["ok", total];
  return { state, count, share: total === 0 ? 0 : count / total };
}

/** Fewer calls than this say more than a rate made of them. */
const fewCalls = 10;

/** How often a node is called: a rate, or the calls themselves where they are few. */
export function frequency({ total, perSecond }: Figures): string {
  return total < fewCalls ? plural(total, "call") : formatRate(perSecond);
}

/** The time that stands for all calls: the chosen percentile, or the one call's own. */
export function speed(figures: Figures, percentile: Percentile): string {
  const time = formatDuration(figures[percentile]);
  return figures.total === 1 ? time : `${percentile} ${time}`;
}

/** The ends of the scale that a map is coloured by, and what stands for a node on it. */
export interface Scale {
  readonly low: number;
  readonly high: number;
  readonly figureOf: (figures: Figures) => number | undefined;
  readonly format: (value: number) => string;
}

/** The scale for a map that is coloured by a figure; none for one that shows health. */
export function scaleOf(view: MapView, colour: ColourBy, percentile: Percentile): Scale | undefined {
  if (colour === "health") return undefined;
  const figureOf = (figures: Figures): number | undefined =>
    figures.total === 0 ? undefined : colour === "latency" ? figures[percentile] : figures.perSecond;
  let [low, high] = [Number.POSITIVE_INFINITY, 0];
  for (const { figures } of view.nodes) {
    const value = figures && figureOf(figures);
    if (value === undefined) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const format = colour === "latency" ? formatDuration : formatRate;
  return { low: Number.isFinite(low) ? low : 0, high, figureOf, format };
}

/** Where a value stands on the scale, 0 to 1, each tenfold being as far as the next. */
export function onScale({ low, high }: Scale, value: number): number {
  const from = Math.log(Math.max(low, 1e-4));
  const to = Math.log(Math.max(high, 1e-4));
  if (to <= from) return 1;
  return Math.min(1, Math.max(0, (Math.log(Math.max(value, 1e-4)) - from) / (to - from)));
}
