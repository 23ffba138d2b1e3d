import type { ReactElement } from "react";
import type { ServiceAlert, ServicesSeries } from "../../api/wire-services.ts";
import { typeLabel } from "../map/node-kind.ts";
import { formatDuration, formatRate, formatShare } from "../ui/format.ts";
import { Icon } from "../ui/icon.tsx";
import { serviceColour } from "../ui/service-colour.ts";
import { StateMark } from "../ui/state-mark.tsx";
import { overLimit } from "./over-limit.ts";
import { type ServiceOrder, type ServiceRow, seriesOf } from "./service-rows.ts";
import { Sparkline } from "./sparkline.tsx";

export interface ServicesTableProps {
  readonly rows: readonly ServiceRow[];
  readonly series: ServicesSeries | undefined;
  readonly alerts: readonly ServiceAlert[];
  readonly order: ServiceOrder;
  readonly chosen: string | undefined;
  readonly onOrder: (order: ServiceOrder) => void;
  readonly onChoose: (key: string) => void;
}

const columns: readonly { readonly order: ServiceOrder; readonly title: string; readonly hint: string }[] = [
  { order: "name", title: "Service", hint: "By name" },
  { order: "rate", title: "Rate", hint: "Most often called first" },
  { order: "error", title: "Errors", hint: "Answers of 400 to 499, throttles included; the largest share first" },
  { order: "fault", title: "Faults", hint: "Answers of 500 and above, and exceptions; the largest share first" },
  { order: "p50", title: "p50", hint: "Slowest median first" },
  { order: "p95", title: "p95", hint: "Slowest first" },
  { order: "p99", title: "p99", hint: "Slowest first" },
];

/** One row a service: how often it is called, how it answers, how fast, and how that went over time. */
export function ServicesTable(props: ServicesTableProps): ReactElement {
  const { rows, series, alerts, order, chosen, onOrder, onChoose } = props;
  const limits = new Map(alerts.map((alert) => [alert.service, alert]));
  return (
    <table className="plain services-table" aria-label="Services">
      <thead>
        <tr>
          {columns.map((column) => (
            <th
              key={column.order}
              scope="col"
              className={column.order === "name" ? "" : "number"}
              aria-sort={column.order !== order ? "none" : order === "name" ? "ascending" : "descending"}
            >
              <button type="button" className="quiet" title={column.hint} onClick={() => onOrder(column.order)}>
                {column.title}
                {column.order === order && <Icon name="down" size={10} />}
              </button>
            </th>
          ))}
          <th scope="col">Calls over time</th>
          <th scope="col">p95 over time</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Row
            key={row.key}
            row={row}
            series={series}
            alert={limits.get(row.id.name)}
            isChosen={row.key === chosen}
            onChoose={onChoose}
          />
        ))}
      </tbody>
    </table>
  );
}

interface RowProps {
  readonly row: ServiceRow;
  readonly series: ServicesSeries | undefined;
  readonly alert: ServiceAlert | undefined;
  readonly isChosen: boolean;
  readonly onChoose: (key: string) => void;
}

function Row({ row, series, alert, isChosen, onChoose }: RowProps): ReactElement {
  const { key, id, isInferred, figures } = row;
  const { perSecond, error, throttle, fault, total, p50, p95, p99 } = figures;
  const own = series && seriesOf(series.services, id);
  const over = overLimit(figures, alert);
  return (
    <tr className={isChosen ? "chosen" : ""} onClick={() => onChoose(key)}>
      <th scope="row">
        <button type="button" className="service-name" aria-expanded={isChosen} onClick={(event) => choose(event)}>
          <i className={isInferred ? "swatch inferred" : "swatch"} style={{ color: serviceColour(id.name) }} />
          <span>
            <b>{id.name}</b>
            <span className="muted">{typeLabel(id)}</span>
            {over.fault && <OverMark text={`faults over ${alert?.faultPercent} %`} />}
            {over.p95 && <OverMark text={`p95 over ${formatDuration(alert?.p95Seconds)}`} />}
          </span>
        </button>
      </th>
      <td className="number">{formatRate(perSecond)}</td>
      <Share part={error + throttle} whole={total} state={throttle > error ? "throttle" : "error"} />
      <Share part={fault} whole={total} state="fault" />
      <td className="number">{formatDuration(p50)}</td>
      <td className="number">{formatDuration(p95)}</td>
      <td className="number">{formatDuration(p99)}</td>
      <td>
        {own && (
          <Sparkline
            label={`Calls over time, at most ${Math.max(...own.total)} a point`}
            values={own.total}
            marked={own.fault}
          />
        )}
      </td>
      <td>
        {own && <Sparkline label={`p95 over time, at most ${formatDuration(Math.max(...own.p95))}`} values={own.p95} />}
      </td>
    </tr>
  );

  function choose(event: { stopPropagation(): void }): void {
    event.stopPropagation();
    onChoose(key);
  }
}

interface ShareProps {
  readonly part: number;
  readonly whole: number;
  readonly state: "error" | "throttle" | "fault";
}

function Share({ part, whole, state }: ShareProps): ReactElement {
  return (
    <td className={part > 0 ? `number state-text ${state}` : "number muted"}>
      {part > 0 && <StateMark state={state} isSilent />} {formatShare(part, whole)}
    </td>
  );
}

function OverMark({ text }: { text: string }): ReactElement {
  return (
    <span className="over-limit state-text error">
      <StateMark state="error" isSilent /> {text}
    </span>
  );
}
