import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactElement, useMemo, useRef, useState } from "react";
import type { ComparedRow, ComparedSide, Comparison } from "../../analysis/compare-traces.ts";
import { formatDelta, formatDuration, plural } from "../ui/format.ts";
import { ScrollArea } from "../ui/scroll-area.tsx";
import { Segmented } from "../ui/segmented.tsx";
import { serviceColour } from "../ui/service-colour.ts";
import { StateMark } from "../ui/state-mark.tsx";
import type { RowOrder } from "./compare-address.ts";
import { differingRows } from "./compared-rows.ts";

export interface ComparedTreeProps {
  readonly comparison: Comparison;
  readonly order: RowOrder;
  readonly onOrder: (order: RowOrder) => void;
}

const orders = [
  { id: "tree", label: "As it happened" },
  { id: "difference", label: "Greatest difference first", hint: "By the time that a row took itself" },
] as const;

const rowHeight = 30;
const mostIndents = 14;

/** Every row of both traces with what it took in each, as a tree or by what it contributes to the difference. */
export function ComparedTree({ comparison, order, onOrder }: ComparedTreeProps): ReactElement {
  const [isShort, setShort] = useState(true);
  const scroller = useRef<HTMLElement>(null);
  const { rows, ranking } = comparison;
  const shown = useMemo(
    () => (order === "difference" ? ranking : isShort ? differingRows(comparison) : rows.map(({ index }) => index)),
    [comparison, order, ranking, rows, isShort],
  );
  const virtual = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  });
  const widest = Math.abs(rows[ranking[0] ?? 0]?.selfDeltaSeconds ?? 0);
  const hidden = rows.length - shown.length;
  return (
    <div className="compared">
      <div className="compared-tools">
        <Segmented label="Order" choices={orders} chosen={order} onChoose={onOrder} />
        {order === "tree" && (
          <label className="check">
            <input type="checkbox" checked={isShort} onChange={(event) => setShort(event.target.checked)} />
            Only what differs
          </label>
        )}
        <span className="spacer" />
        <span className="muted tabular">
          {hidden > 0 ? `${plural(hidden, "row")} alike` : plural(rows.length, "row")}
        </span>
      </div>
      <ScrollArea label="Rows of both traces" className="compared-rows" ref={scroller}>
        {/* biome-ignore lint/a11y/useSemanticElements: a table's rows cannot be placed freely */}
        <div role="table" aria-label="Comparison" aria-rowcount={shown.length + 1}>
          {/* biome-ignore lint/a11y/useSemanticElements: as above */}
          <div role="rowgroup" className="compared-head">
            {/* biome-ignore lint/a11y/useSemanticElements: as above */}
            {/* biome-ignore lint/a11y/useFocusableInteractive: rows are read, not operated */}
            <div role="row" className="compared-row" aria-rowindex={1}>
              {["What", "A", "B", "Difference", "Of its own time"].map((title) => (
                // biome-ignore lint/a11y/useSemanticElements: as above
                // biome-ignore lint/a11y/useFocusableInteractive: as above
                <span role="columnheader" key={title}>
                  {title}
                </span>
              ))}
            </div>
          </div>
          {/* biome-ignore lint/a11y/useSemanticElements: as above */}
          <div role="rowgroup" className="compared-body" style={{ height: virtual.getTotalSize() }}>
            {virtual.getVirtualItems().map(({ index, start }) => (
              <Row
                key={shown[index]!}
                row={rows[shown[index]!]!}
                isTree={order === "tree"}
                position={index + 2}
                top={start}
                widestSeconds={widest}
              />
            ))}
          </div>
        </div>
      </ScrollArea>
    </div>
  );
}

interface RowProps {
  readonly row: ComparedRow;
  readonly isTree: boolean;
  readonly position: number;
  readonly top: number;
  readonly widestSeconds: number;
}

function Row({ row, isTree, position, top, widestSeconds }: RowProps): ReactElement {
  const { a, b, name, service, detail, depth, deltaSeconds, selfDeltaSeconds } = row;
  const presence = a === undefined ? "only-b" : b === undefined ? "only-a" : "both";
  const share = widestSeconds === 0 ? 0 : selfDeltaSeconds / widestSeconds;
  return (
    // biome-ignore lint/a11y/useSemanticElements: as above
    // biome-ignore lint/a11y/useFocusableInteractive: as above
    <div
      role="row"
      className={`compared-row ${presence}`}
      aria-rowindex={position}
      style={{ transform: `translateY(${top}px)` }}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: as above */}
      <span
        role="cell"
        className="compared-name"
        style={{ paddingLeft: 12 + (isTree ? Math.min(depth, mostIndents) * 14 : 0) }}
        title={`${service}: ${name} ${detail}`}
      >
        <i className="swatch" style={{ color: serviceColour(service) }} />
        <b>{name}</b>
        <span className="muted">{isTree ? detail : `${service === name ? "" : `${service} `}${detail}`}</span>
        {presence === "only-a" && <span className="tag side-a">only in A</span>}
        {presence === "only-b" && <span className="tag side-b">only in B</span>}
      </span>
      <Side side={a} />
      <Side side={b} />
      {/* biome-ignore lint/a11y/useSemanticElements: as above */}
      <span role="cell" className={`tabular compared-delta ${tone(deltaSeconds)}`}>
        {formatDelta(deltaSeconds)}
      </span>
      {/* biome-ignore lint/a11y/useSemanticElements: as above */}
      <span role="cell" className="compared-bar" title={`${formatDelta(selfDeltaSeconds)} of its own time`}>
        <span className="unseen">{formatDelta(selfDeltaSeconds)}</span>
        {tone(selfDeltaSeconds) !== "same" && (
          <span
            className={tone(selfDeltaSeconds)}
            style={{ width: `${Math.abs(share) * 50}%`, [share < 0 ? "right" : "left"]: "50%" }}
          />
        )}
      </span>
    </div>
  );
}

function Side({ side }: { side: ComparedSide | undefined }): ReactElement {
  return (
    // biome-ignore lint/a11y/useSemanticElements: as above
    <span role="cell" className="tabular compared-side">
      {side === undefined ? (
        <span className="muted">–</span>
      ) : (
        <>
          {side.state !== "ok" && <StateMark state={side.state} />}
          {side.seconds === undefined ? "runs" : formatDuration(side.seconds)}
        </>
      )}
    </span>
  );
}

/** Nothing to speak of, slower or faster. */
function tone(deltaSeconds: number): string {
  if (Math.abs(deltaSeconds) < 0.00005) return "same";
  return deltaSeconds > 0 ? "slower" : "faster";
}
