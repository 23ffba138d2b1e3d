import { shapeOf } from "./shape-of.ts";
import type { SpanColumns } from "./span-columns.ts";

/** For each label, a number that it shares with those that differ only in ids and numbers. */
export function labelShapes({ labels }: Pick<SpanColumns, "labels">): Uint32Array {
  const known = new Map<string, number>();
  return Uint32Array.from(labels, ({ service, name, detail }) => {
    const key = `${service}\n${name}\n${shapeOf(detail)}`;
    const number = known.get(key) ?? known.size;
    known.set(key, number);
    return number;
  });
}
