/** The part of a trace's time that is seen, in shares of the whole. */
export interface Zoom {
  readonly from: number;
  readonly to: number;
}

export const wholeTrace: Zoom = { from: 0, to: 1 };
/** Nearer, and rounding would show. */
const narrowest = 1e-6;

/** A part with its ends in order, within the whole, and not too narrow. */
export function zoomBetween(one: number, other: number): Zoom {
  const [low, high] = one < other ? [one, other] : [other, one];
  const width = Math.min(1, Math.max(narrowest, high - low));
  const from = Math.min(1 - width, Math.max(0, (low + high - width) / 2));
  return { from, to: from + width };
}

/** The part nearer (factor above 1) or further, with a place in it staying where it is. */
export function zoomBy({ from, to }: Zoom, factor: number, at: number = (from + to) / 2): Zoom {
  return zoomBetween(at - (at - from) / factor, at + (to - at) / factor);
}

/** The part moved by a share of what is seen. */
export function moveBy({ from, to }: Zoom, share: number): Zoom {
  const step = Math.max(-from, Math.min(1 - to, share * (to - from)));
  return { from: from + step, to: to + step };
}

/** As it stands in an address; empty for the whole. */
export function writeZoom({ from, to }: Zoom): string {
  if (from <= 0 && to >= 1) return "";
  const digits = Math.max(3, Math.ceil(-Math.log10(to - from)) + 2);
  return `${Number(from.toFixed(digits))}-${Number(to.toFixed(digits))}`;
}

/** What an address says; the whole for what cannot be read. */
export function readZoom(text: string | undefined): Zoom {
  const [from, to] = (text ?? "").split(/(?<=\d)-/).map(Number);
  if (from === undefined || to === undefined || !(from >= 0 && to <= 1 && from < to)) return wholeTrace;
  return zoomBetween(from, to);
}
