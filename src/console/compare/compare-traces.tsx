import { type ReactElement, useMemo } from "react";
import { compareTraces } from "../../analysis/compare-traces.ts";
import { Failure } from "../ui/failure.tsx";
import { formatDelta, formatDuration, formatShare } from "../ui/format.ts";
import { SkeletonRows } from "../ui/skeleton-rows.tsx";
import type { Compared, RowOrder } from "./compare-address.ts";
import { ComparedTree } from "./compared-tree.tsx";
import { TraceSide } from "./trace-side.tsx";
import { useComparedTrace } from "./use-compared-trace.ts";

export interface CompareTracesProps {
  readonly a: string;
  readonly b: string;
  readonly order: RowOrder;
  readonly onChange: (next: Compared) => void;
}

/** Two traces side by side. */
export function CompareTraces({ a, b, order, onChange }: CompareTracesProps): ReactElement {
  const traceA = useComparedTrace(a);
  const traceB = useComparedTrace(b);
  const [treeA, treeB] = [traceA.tree, traceB.tree];
  const comparison = useMemo(() => (treeA && treeB ? compareTraces(treeA, treeB) : undefined), [treeA, treeB]);
  const change = (part: { a?: string; b?: string; order?: RowOrder }): void =>
    onChange({ kind: "traces", a, b, order, ...part });
  const error = traceA.error ?? traceB.error;
  const isLoading = (a !== "" && treeA === undefined) || (b !== "" && treeB === undefined);
  return (
    <>
      <div className="compare-sides">
        <TraceSide name="A" id={a} tree={treeA} like={treeB} onPick={(id) => change({ a: id })} />
        <button
          type="button"
          className="quiet swap"
          disabled={a === "" && b === ""}
          onClick={() => change({ a: b, b: a })}
          title="A becomes B, and B becomes A"
        >
          Swap
        </button>
        <TraceSide name="B" id={b} tree={treeB} like={treeA} onPick={(id) => change({ b: id })} />
      </div>
      {error !== null && <Failure error={error} what="The traces cannot be read" />}
      {error === null && isLoading && <SkeletonRows />}
      {comparison !== undefined && (
        <>
          <p className="compare-verdict" role="status">
            <b>{verdict(comparison.deltaSeconds)}</b>{" "}
            <span className="muted tabular">
              {formatDuration(comparison.aSeconds)} → {formatDuration(comparison.bSeconds)},{" "}
              {formatDelta(comparison.deltaSeconds)}
              {comparison.aSeconds > 0 &&
                ` (${comparison.deltaSeconds < 0 ? "−" : "+"}${formatShare(Math.abs(comparison.deltaSeconds), comparison.aSeconds)})`}
            </span>
          </p>
          <ComparedTree comparison={comparison} order={order} onOrder={(next) => change({ order: next })} />
        </>
      )}
    </>
  );
}

/** A difference that nobody would notice. */
const sameSeconds = 0.0005;

function verdict(deltaSeconds: number): string {
  if (Math.abs(deltaSeconds) < sameSeconds) return "Both took as long.";
  return deltaSeconds > 0
    ? `B took ${formatDuration(deltaSeconds)} longer.`
    : `B was ${formatDuration(-deltaSeconds)} faster.`;
}
