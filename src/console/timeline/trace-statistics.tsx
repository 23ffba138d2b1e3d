import { type ReactElement, useMemo, useState } from "react";
import type { Skeleton } from "../../analysis/skeleton.ts";
import { type TraceTableRow, traceTable } from "../../analysis/trace-table.ts";
import { useView } from "../address/use-view.ts";
import { formatDuration, formatShare } from "../ui/format.ts";
import { serviceColour } from "../ui/service-colour.ts";
import "../styles/statistics.css";

type Column = "count" | "totalSeconds" | "selfSeconds" | "p50Seconds" | "p95Seconds" | "failed";

const columns: readonly { readonly id: Column; readonly label: string; readonly title: string }[] = [
  { id: "count", label: "Count", title: "Segments and subsegments" },
  { id: "totalSeconds", label: "Total", title: "All their durations" },
  { id: "selfSeconds", label: "Self", title: "Time in which nothing below them was at work" },
  { id: "p50Seconds", label: "p50", title: "Half took no longer" },
  { id: "p95Seconds", label: "p95", title: "19 of 20 took no longer" },
  { id: "failed", label: "Failed", title: "Faults, errors and throttles" },
];

const mostRows = 500;

/** A trace by service and operation: how often, how long, how it went. A row leads to its slowest in the waterfall. */
export function TraceStatistics({ trace }: { trace: Skeleton }): ReactElement {
  const { show } = useView();
  const [order, setOrder] = useState<Column>("selfSeconds");
  const table = useMemo(() => traceTable(trace), [trace]);
  const sorted = useMemo(() => [...table].sort((a, b) => figureOf(b, order) - figureOf(a, order)), [table, order]);
  const selfTotal = table.reduce((sum, row) => sum + row.selfSeconds, 0);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: who has no mouse scrolls it with the arrow keys
    <section className="statistics" tabIndex={0} aria-label="Statistics of the trace">
      <table>
        <caption className="unseen">By service and operation</caption>
        <thead>
          <tr>
            <th scope="col">Operation</th>
            {columns.map(({ id, label, title }) => (
              <th key={id} scope="col" aria-sort={id === order ? "descending" : "none"}>
                <button type="button" className="quiet" title={title} onClick={() => setOrder(id)}>
                  {label}
                  {id === order && <span aria-hidden="true"> ↓</span>}
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sorted.slice(0, mostRows).map((row) => (
            <tr key={`${row.service}\n${row.name}\n${row.operation}`}>
              <th scope="row">
                <button
                  type="button"
                  className="quiet"
                  title="Show the slowest in the waterfall"
                  onClick={() => show({ tab: "waterfall", segment: trace.ids.at(row.slowest) }, "push")}
                >
                  <i className="swatch" style={{ color: serviceColour(row.service) }} />
                  <b>{row.name}</b>
                  <span className="muted statistics-operation">{row.operation}</span>
                </button>
              </th>
              <td>{row.count.toLocaleString("en")}</td>
              <td>{formatDuration(row.totalSeconds)}</td>
              <td>
                {formatDuration(row.selfSeconds)}
                <span className="muted share"> {formatShare(row.selfSeconds, selfTotal)}</span>
              </td>
              <td>{formatDuration(row.p50Seconds)}</td>
              <td>{formatDuration(row.p95Seconds)}</td>
              <td>{failedText(row)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {sorted.length > mostRows && <p className="muted">… and {sorted.length - mostRows} more.</p>}
    </section>
  );
}

function figureOf(row: TraceTableRow, column: Column): number {
  return column === "failed" ? row.faults + row.errors + row.throttles : row[column];
}

function failedText({ faults, errors, throttles }: TraceTableRow): ReactElement | string {
  const all = faults + errors + throttles;
  if (all === 0) return "–";
  const state = faults > 0 ? "fault" : errors > 0 ? "error" : "throttle";
  return (
    <span className={`state-text ${state}`} title={`${faults} faults, ${errors} errors, ${throttles} throttles`}>
      {all.toLocaleString("en")}
    </span>
  );
}
