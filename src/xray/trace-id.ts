import { type Random, randomHex } from "./random.ts";

const canonical = /^1-[0-9a-f]{8}-[0-9a-f]{24}$/;
const eitherForm = /^(?:1-([0-9a-f]{8})-([0-9a-f]{24})|([0-9a-f]{8})([0-9a-f]{24}))$/i;

/** The canonical form of a trace id (`1-8hex-24hex`, lower case) given in X-Ray's or W3C's form; undefined if it is neither. */
export function parseTraceId(text: string): string | undefined {
  if (text.length === 35 && canonical.test(text)) return text;
  const match = eitherForm.exec(text.trim());
  if (!match) return undefined;
  return `1-${match[1] ?? match[3]}-${match[2] ?? match[4]}`.toLowerCase();
}

/** A new trace id; its first part is the time in whole seconds. */
export function newTraceId(nowMs: number, random?: Random): string {
  const seconds = Math.floor(nowMs / 1000) >>> 0;
  return `1-${seconds.toString(16).padStart(8, "0")}-${randomHex(12, random)}`;
}

/** A canonical trace id as W3C writes it: 32 hex digits. */
export function toW3cTraceId(traceId: string): string {
  return traceId.slice(2, 10) + traceId.slice(11);
}

/** The first eight digits as epoch seconds. Only X-Ray's own ids keep the time there: never take it for the truth. */
export function traceIdSeconds(traceId: string): number {
  return Number.parseInt(traceId.slice(2, 10), 16);
}
