import { type Label, type SpanColumns, spanFlag } from "./span-columns.ts";
import { spanDetail } from "./span-detail.ts";
import { spanIds } from "./span-ids.ts";
import type { SpanRow } from "./span-tree.ts";

/** Clocks of two machines that differ by less do not disturb anybody. */
const skewSeconds = 0.001;

/** The columns of rows that are in the order of a waterfall. */
export function columnsOf(rows: readonly SpanRow[]): SpanColumns {
  const count = rows.length;
  const columns = {
    parents: new Int32Array(count),
    depths: new Int32Array(count),
    sizes: new Int32Array(count),
    starts: new Float64Array(count),
    ends: new Float64Array(count),
    lastEnds: new Float64Array(count),
    labelOf: new Uint32Array(count),
    flags: new Uint16Array(count),
  };
  const services = new Map<string, number>();
  const known = new Map<string, number>();
  const labels: Label[] = [];
  let [startSeconds, endSeconds] = count === 0 ? [0, 0] : [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const row of rows) {
    const { index, segment } = row;
    const service = services.get(row.service) ?? services.size;
    services.set(row.service, service);
    const detail = spanDetail(segment);
    const key = `${service}\n${segment.name}\n${detail}`;
    let label = known.get(key);
    if (label === undefined) {
      label = labels.push({ name: segment.name, service, detail }) - 1;
      known.set(key, label);
    }
    columns.parents[index] = row.parent;
    columns.depths[index] = row.depth;
    columns.sizes[index] = row.size;
    columns.starts[index] = segment.startSeconds;
    columns.ends[index] = segment.endSeconds ?? Number.NaN;
    columns.lastEnds[index] = row.lastEndSeconds;
    columns.labelOf[index] = label;
    columns.flags[index] = flagsOf(row, rows[row.parent]);
    startSeconds = Math.min(startSeconds, segment.startSeconds);
    endSeconds = Math.max(endSeconds, row.lastEndSeconds);
  }
  return {
    count,
    startSeconds,
    endSeconds,
    services: [...services.keys()],
    labels,
    ids: spanIds(count, (row) => rows[row]!.segment.id),
    ...columns,
  };
}

function flagsOf(row: SpanRow, above: SpanRow | undefined): number {
  const { segment } = row;
  const isSegment = row.kind === "segment";
  const isSkewed = isSegment && above !== undefined && segment.startSeconds < above.segment.startSeconds - skewSeconds;
  return (
    (segment.fault ? spanFlag.fault : 0) |
    (segment.error ? spanFlag.error : 0) |
    (segment.throttle ? spanFlag.throttle : 0) |
    (segment.inProgress ? spanFlag.inProgress : 0) |
    (isSegment ? spanFlag.segment : 0) |
    (row.inferred !== undefined ? spanFlag.inferred : 0) |
    (row.isOrphan ? spanFlag.orphan : 0) |
    (isSkewed ? spanFlag.skewed : 0) |
    (segment.namespace !== undefined ? spanFlag.call : 0) |
    ((segment.cause?.exceptions.length ?? 0) > 0 ? spanFlag.exception : 0)
  );
}
