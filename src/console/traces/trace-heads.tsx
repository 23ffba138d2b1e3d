import type { ReactElement } from "react";
import { Icon } from "../ui/icon.tsx";
import type { TraceOrder } from "./trace-order.ts";

const heads: readonly { readonly label: string; readonly order?: TraceOrder; readonly hint?: string }[] = [
  { label: "Status", order: "worst", hint: "Faults first, among those that are loaded" },
  { label: "Request" },
  { label: "Duration", order: "slowest", hint: "The slowest of all that match first" },
  { label: "Segments", order: "largest", hint: "The largest first, among those that are loaded" },
  { label: "Services" },
  { label: "Started", order: "newest", hint: "The newest first" },
];

export interface TraceHeadsProps {
  readonly order: TraceOrder;
  readonly onOrder: (order: TraceOrder) => void;
}

/** What the columns are, and the buttons that put the list in their order. */
export function TraceHeads({ order, onOrder }: TraceHeadsProps): ReactElement {
  return (
    <thead className="trace-heads">
      <tr aria-rowindex={1}>
        <th className="head-pick">
          <span className="unseen">Pick for comparing</span>
        </th>
        {heads.map((head) => {
          const isChosen = head.order === order;
          return (
            <th
              key={head.label}
              className={`head-${head.label.toLowerCase()}`}
              aria-sort={isChosen ? "descending" : undefined}
            >
              {head.order === undefined ? (
                head.label
              ) : (
                <button
                  type="button"
                  className="trace-sort"
                  title={head.hint}
                  onClick={() => onOrder(head.order ?? "newest")}
                >
                  {head.label}
                  {isChosen && <Icon name="down" size={10} />}
                </button>
              )}
            </th>
          );
        })}
      </tr>
    </thead>
  );
}
