import type { CallResult } from "../call/call.ts";
import type { Exchange } from "../call/exchange.ts";
import { headerValue } from "../call/exchange.ts";
import { phasesOf } from "../call/phases.ts";
import { flagsOf } from "../call/segment-recorder.ts";
import { cleanText } from "./term/clean-text.ts";
import { drawPhases } from "./term/draw-phases.ts";
import { cut, cutMiddle, spread } from "./term/fit-text.ts";
import { duration, size } from "./term/format.ts";
import { mark, type State, type Style } from "./term/style.ts";

/** What is known of a call without asking anybody: how it ended, the way there, its phases. */
export function drawCall(result: CallResult, style: Style): string[] {
  const { paint } = style;
  const last = result.hops.at(-1)!;
  const ways = result.hops.slice(0, -1).map((hop) => drawHop(hop, style));
  const time = duration(result.endMs - result.startMs);
  return [
    ...ways,
    drawOutcome(last, result.failure ? "fault" : stateOf(last), time, style),
    paint.dim(cut(`  ${facts(result).join("  ")}`, style.width, style.glyphs)),
    "",
    ...drawPhases(phasesOf(last.marks, last.way), style),
  ];
}

function drawOutcome(hop: Exchange, state: State, time: string, style: Style): string {
  const { paint, glyphs } = style;
  const status = hop.head === undefined ? "" : `${hop.head.status} `;
  const room = style.width - 2 - status.length - time.length - 2;
  const asked = cutMiddle(`${hop.request.method} ${cleanText(hop.request.url.href, glyphs)}`, room, glyphs);
  return spread(`${mark(state, style)} ${paint[state](paint.bold(status))}${paint.bold(asked)}`, time, style.width);
}

function drawHop(hop: Exchange, style: Style): string {
  const { paint, glyphs } = style;
  const time = duration(hop.marks.end - hop.marks.start);
  const to = cleanText(headerValue(hop.head?.headers ?? [], "location") ?? "", glyphs);
  const text = `  ${hop.head?.status} ${hop.request.method} ${cleanText(hop.request.url.href, glyphs)} ${glyphs.arrow} ${to}`;
  return paint.dim(spread(cut(text, style.width - time.length - 2, glyphs), time, style.width));
}

function facts({ head, bodyBytes, trace, hops }: CallResult): string[] {
  const type = headerValue(head?.headers ?? [], "content-type")?.split(";")[0];
  const { remote, way } = hops.at(-1)!;
  const found = [`trace ${trace.id}`];
  if (head) found.push(type === undefined ? size(bodyBytes) : `${size(bodyBytes)} ${type}`);
  // The address of a host that was named by its address says nothing new.
  if (remote && way.isNamed) found.push(remote.address);
  return found;
}

function stateOf({ head }: Exchange): State {
  const { fault, throttle, error } = flagsOf(head?.status ?? 0);
  if (fault) return "fault";
  if (throttle) return "throttle";
  return error ? "error" : "ok";
}

/** The beginning of a body that is text, on one line; nothing where there is none, or it is not text. */
export function previewBody(body: Uint8Array, contentType: string | undefined, style: Style): string[] {
  if (body.length === 0 || !/json|text|xml|javascript|urlencoded/.test(contentType ?? "")) return [];
  const text = new TextDecoder()
    .decode(body.subarray(0, 4 * style.width))
    .replace(/\s+/g, " ")
    .trim();
  return [style.paint.dim(cut(`  ${cleanText(text, style.glyphs)}`, style.width, style.glyphs))];
}
