import type { CallFigures, CallOutcome } from "../call-figures.ts";
import { bar } from "./bar.ts";
import { cleanText } from "./clean-text.ts";
import { cut, wrap } from "./fit-text.ts";
import { count, duration, grouped, percent } from "./format.ts";
import { mark, type Style } from "./style.ts";

/** Many calls on their way, on one line. */
export function drawProgress(
  { calls, callsPerSecond, ms, failed }: CallFigures,
  requests: number,
  style: Style,
): string {
  const { glyphs, width, paint } = style;
  const share = calls / requests;
  const length = Math.min(20, Math.floor(width / 4));
  const done = bar([{ start: 0, end: share * length }], length, glyphs);
  const parts = [percent(share), rate(callsPerSecond)];
  if (ms) parts.push(`p50 ${duration(ms.p50)}`, `p95 ${duration(ms.p95)}`);
  parts.push(count(failed, "failure"));
  const room = width - 1 - length - 1;
  const head = `${grouped(calls)}/${grouped(requests)} `;
  return head + paint.link(done) + cut(` ${parts.join("  ")}`, room - head.length, glyphs);
}

/** How many calls went: rate, percentiles, a histogram on one line, statuses, and traces worth opening. */
export function drawFigures(figures: CallFigures, outcomes: readonly CallOutcome[], style: Style): string[] {
  const { glyphs, width, paint } = style;
  const { calls, elapsedMs, callsPerSecond, ms, statuses, failures, failed, slowest, firstFailed } = figures;
  const state =
    failures.length > 0 || statuses.some(({ status }) => status >= 500) ? "fault" : failed > 0 ? "error" : "ok";
  const summary = `${count(calls, "call")} in ${duration(elapsedMs)}  ${rate(callsPerSecond)}  ${count(failed, "failure")}`;
  const lines = [`${mark(state, style)} ${paint.bold(cut(summary, width - 2, glyphs))}`];
  if (ms) {
    const percentiles = `p50 ${duration(ms.p50)}  p95 ${duration(ms.p95)}  p99 ${duration(ms.p99)}`;
    lines.push(cut(`  ${percentiles}  from ${duration(ms.min)} to ${duration(ms.max)}`, width, glyphs));
    const [low, high] = [duration(ms.min), duration(ms.max)];
    const room = Math.min(60, width - 4 - low.length - high.length);
    lines.push(`  ${paint.dim(low)} ${paint.link(histogram(outcomes, room, style))} ${paint.dim(high)}`);
  }
  const answers = statuses.map((each) => `${grouped(each.calls)} ${glyphs.times} ${each.status}`);
  if (answers.length > 0) lines.push(cut(`  ${answers.join("  ")}`, width, glyphs));
  for (const { calls: times, message } of failures.slice(0, 5)) {
    const [first = "", ...rest] = wrap(`${grouped(times)} ${glyphs.times} ${cleanText(message, glyphs)}`, width - 4);
    lines.push(`  ${paint.fault(first)}`, ...rest.map((line) => `    ${paint.fault(line)}`));
  }
  // The command that shows it, where it fits; the id in any case.
  const open = (id: string): string => (width < 70 ? id : `fluoroscope trace ${id}`);
  if (slowest) lines.push(cut(`  slowest  ${open(slowest.traceId)}  ${duration(slowest.ms)}`, width, glyphs));
  if (firstFailed) lines.push(cut(`  failed   ${open(firstFailed.traceId)}`, width, glyphs));
  return lines;
}

/** How often each duration came, from the shortest to the longest; a single one shows, however high the others are. */
function histogram(outcomes: readonly CallOutcome[], width: number, { glyphs }: Style): string {
  const times = outcomes.map(({ ms }) => ms);
  const [low, high] = [Math.min(...times), Math.max(...times)];
  const buckets = new Array<number>(width).fill(0);
  for (const ms of times) {
    const bucket = Math.min(width - 1, Math.floor(((ms - low) / Math.max(high - low, Number.EPSILON)) * width));
    buckets[bucket]! += 1;
  }
  const highest = Math.max(...buckets);
  return buckets.map((calls) => glyphs.levels[Math.ceil((calls / highest) * 8)]).join("");
}

const rate = (perSecond: number): string =>
  `${perSecond < 9.95 ? perSecond.toFixed(1) : grouped(Math.round(perSecond))}/s`;
