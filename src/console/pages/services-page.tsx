import { type ReactElement, useEffect } from "react";
import { useView } from "../address/use-view.ts";
import { withOwn } from "../address/view-address.ts";
import { useGraph } from "../map/use-graph.ts";
import { ServiceDetails } from "../services/service-details.tsx";
import { serviceOrders, serviceRows } from "../services/service-rows.ts";
import { ServicesTable } from "../services/services-table.tsx";
import { useAlerts } from "../services/use-alerts.ts";
import { useSeries } from "../services/use-series.ts";
import { Failure } from "../ui/failure.tsx";
import { NothingHere } from "../ui/nothing-here.tsx";
import { usePageTitle } from "../ui/page-title.ts";
import { ScrollArea } from "../ui/scroll-area.tsx";
import { SkeletonRows } from "../ui/skeleton-rows.tsx";
import "../styles/services.css";

/** Every service with its figures, and one of them in detail. */
export function ServicesPage(): ReactElement {
  usePageTitle("Services");
  const { view, show } = useView();
  const graph = useGraph(view.filter, view.span);
  const series = useSeries(view.filter, view.span);
  const alerts = useAlerts();
  const order = serviceOrders.find((each) => each === view.own.sort) ?? "rate";
  const rows = serviceRows(graph.view, order);
  const chosen = rows.find(({ key }) => key === view.own.service);
  const close = (): void => show((now) => withOwn(now, { service: "" }));
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === "Escape" && !event.defaultPrevented) show((now) => withOwn(now, { service: "" }));
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [show]);
  return (
    <div className={chosen === undefined ? "services-page" : "services-page with-drawer"} aria-busy={graph.isFirst}>
      <h1 className="unseen">Services</h1>
      <ScrollArea label="All services" className={graph.isStale ? "services-list stale" : "services-list"}>
        {graph.isFirst && graph.error === null && <SkeletonRows />}
        {graph.isFirst && graph.error !== null && <Failure error={graph.error} what="The services cannot be read" />}
        {!graph.isFirst && rows.length === 0 && <NothingHere what="services" />}
        {rows.length > 0 && (
          <ServicesTable
            rows={rows}
            series={series}
            alerts={alerts}
            order={order}
            chosen={chosen?.key}
            onOrder={(sort) => show((now) => withOwn(now, { sort: sort === "rate" ? "" : sort }), "push")}
            onChoose={(key) => show((now) => withOwn(now, { service: now.own.service === key ? "" : key }))}
          />
        )}
      </ScrollArea>
      {chosen !== undefined && (
        <ServiceDetails key={chosen.key} row={chosen} series={series} alerts={alerts} view={view} onClose={close} />
      )}
    </div>
  );
}
