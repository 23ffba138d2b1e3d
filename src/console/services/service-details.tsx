import { useQuery } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { Link } from "wouter";
import type { ServiceAlert, ServicesSeries } from "../../api/wire-services.ts";
import { serviceText } from "../address/selector-text.ts";
import { endsOf } from "../address/time-span.ts";
import { pageAddress, type View } from "../address/view-address.ts";
import { readSplitGraph } from "../api-client.ts";
import { narrowFilter } from "../filter-bar/refine-filter.ts";
import { applyChange } from "../map/apply-change.ts";
import { nodeKey } from "../map/map-view.ts";
import { typeLabel } from "../map/node-kind.ts";
import { useServerSettings } from "../settings/use-settings.ts";
import { formatDuration, formatRate, formatShare, formatTime } from "../ui/format.ts";
import { HealthBar } from "../ui/health-bar.tsx";
import { Icon } from "../ui/icon.tsx";
import { ScrollArea } from "../ui/scroll-area.tsx";
import { SkeletonRows } from "../ui/skeleton-rows.tsx";
import { LimitsForm } from "./limits-form.tsx";
import { type ServiceRow, seriesOf } from "./service-rows.ts";
import { Sparkline } from "./sparkline.tsx";

export interface ServiceDetailsProps {
  readonly row: ServiceRow;
  readonly series: ServicesSeries | undefined;
  readonly alerts: readonly ServiceAlert[];
  readonly view: View;
  readonly onClose: () => void;
}

/** One service: how it went, operation by operation, and the ways on to its traces. */
export function ServiceDetails({ row, series, alerts, view, onClose }: ServiceDetailsProps): ReactElement {
  const { id, figures } = row;
  const selector = serviceText(id);
  const alert = alerts.find(({ service }) => service === id.name);
  const mayChange = (useServerSettings()?.access.granted ?? "read") === "all";
  const traces = (clause: string): string =>
    pageAddress("/traces", view, { filter: narrowFilter(view.filter, clause) });
  const own = series && seriesOf(series.services, id);
  return (
    <aside className="drawer" aria-label="Service">
      <header>
        <h2>
          <span>
            {id.name} <span className="tag">{typeLabel(id)}</span>
          </span>
        </h2>
        <button type="button" className="quiet icon-only" aria-label="Close" title="Close (Esc)" onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      <ScrollArea label="About the service" className="drawer-body">
        <HealthBar shares={figures} />
        {own && series && (
          <figure className="service-series">
            <Sparkline label="Calls over time" values={own.total} marked={own.fault} />
            <figcaption className="muted tabular">
              <span>{formatTime(series.startSeconds)}</span>
              <span>calls, of these faults</span>
              <span>{formatTime(series.startSeconds + own.total.length * series.periodSeconds)}</span>
            </figcaption>
          </figure>
        )}
        <Operations id={id} view={view} />
        <ul className="service-links">
          <li>
            <Link href={pageAddress("/map", view, { select: selector })}>On the map</Link>
          </li>
          <li>
            <Link href={traces(selector)}>Its traces</Link>
          </li>
          {figures.fault > 0 && (
            <li>
              <Link href={traces(`${selector} { fault }`)}>Traces in which it failed</Link>
            </li>
          )}
          <li>
            <Link href={traces(`${selector} { responsetime >= ${figures.p95 ?? 0} }`)}>Its slowest twentieth</Link>
          </li>
        </ul>
        {mayChange && <LimitsForm key={JSON.stringify(alert)} service={id.name} alert={alert} />}
      </ScrollArea>
    </aside>
  );
}

function Operations({ id, view }: { id: ServiceRow["id"]; view: View }): ReactElement {
  const filter = narrowFilter(view.filter, serviceText(id));
  const { data, error } = useQuery({
    queryKey: ["operations", filter, view.span],
    queryFn: ({ signal }) =>
      readSplitGraph({ ...endsOf(view.span, Date.now() / 1000), filter, by: "operation" }, signal),
    placeholderData: (before) => before,
    structuralSharing: false,
  });
  if (error !== null) return <p className="muted">This server does not tell operations apart.</p>;
  if (data === undefined) return <SkeletonRows />;
  const operations = applyChange(undefined, data)
    .nodes.flatMap(({ id: node, part, figures }) =>
      nodeKey(node) === nodeKey(id) && figures !== undefined ? { part: part ?? "Everything else", figures } : [],
    )
    .sort((a, b) => b.figures.total - a.figures.total);
  return (
    <section>
      <h3>Operations</h3>
      <table className="plain operations" aria-label="Operations">
        <thead>
          <tr>
            <th scope="col">Operation</th>
            <th scope="col" className="number">
              Rate
            </th>
            <th scope="col" className="number">
              Faults
            </th>
            <th scope="col" className="number">
              p95
            </th>
          </tr>
        </thead>
        <tbody>
          {operations.map(({ part, figures }) => (
            <tr key={part}>
              <th scope="row" className="breaks">
                {part}
              </th>
              <td className="number">{formatRate(figures.perSecond)}</td>
              <td className={figures.fault > 0 ? "number state-text fault" : "number muted"}>
                {formatShare(figures.fault, figures.total)}
              </td>
              <td className="number">{formatDuration(figures.p95)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {data.IsPartial && <p className="muted">Of the newest traces: there are more than were looked at.</p>}
    </section>
  );
}
