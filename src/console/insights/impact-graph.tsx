import type { ReactElement } from "react";
import { Link } from "wouter";
import type { ServiceId } from "../../api/wire.ts";
import type { WireImpactGraph, WireImpactService } from "../../api/wire-insights.ts";
import { serviceText } from "../address/selector-text.ts";
import { pageAddress, type View } from "../address/view-address.ts";
import { type PlacedService, placeServices } from "./place-services.ts";

export interface ImpactGraphProps {
  readonly graph: WireImpactGraph;
  readonly rootCause: ServiceId;
  readonly anomalous: readonly ServiceId[];
  readonly view: View;
}

const [width, height, gapX, gapY] = [150, 40, 46, 14];

/** Who is touched: from the clients on the left to the cause, which is marked, and what that calls. */
export function ImpactGraph({ graph, rootCause, anomalous, view }: ImpactGraphProps): ReactElement {
  const placed = placeServices(graph.Services);
  const byReference = new Map(placed.map((each) => [each.service.ReferenceId, each]));
  const columns = Math.max(0, ...placed.map(({ column }) => column)) + 1;
  const rows = Math.max(0, ...placed.map(({ row }) => row)) + 1;
  const size = { width: columns * (width + gapX) - gapX, height: rows * (height + gapY) - gapY };
  return (
    <div className="impact-graph">
      <div className="impact-canvas" style={size}>
        <svg width={size.width} height={size.height} aria-hidden="true">
          {placed.flatMap((from) =>
            from.service.Edges.map(({ ReferenceId }) => {
              const to = byReference.get(ReferenceId);
              return to && <path key={`${from.service.ReferenceId}>${ReferenceId}`} d={curve(from, to)} />;
            }),
          )}
        </svg>
        <ul>
          {placed.map(({ service, column, row }) => {
            const isCause = isSame(service, rootCause);
            const isAnomalous = isCause || anomalous.some((each) => isSame(service, each));
            const isClient = service.Type === "client";
            return (
              <li
                key={service.ReferenceId}
                className={isCause ? "cause" : isAnomalous ? "anomalous" : ""}
                style={{ left: column * (width + gapX), top: row * (height + gapY), width, height }}
              >
                {isClient ? (
                  <span title={`Client of ${service.Name}`}>Client of {service.Name}</span>
                ) : (
                  <Link href={pageAddress("/map", view, { select: serviceText(nodeOf(service)) })} title={service.Name}>
                    {service.Name}
                  </Link>
                )}
                {isCause && <span className="tag fault">root cause</span>}
                {isAnomalous && !isCause && <span className="tag warn">anomalous</span>}
              </li>
            );
          })}
        </ul>
      </div>
    </div>
  );
}

function nodeOf({ Name, Type }: WireImpactService) {
  return { name: Name, ...(Type !== undefined && { type: Type }) };
}

function isSame(service: WireImpactService, { Name, Type }: ServiceId): boolean {
  return service.Name === Name && (service.Type ?? "") === (Type ?? "");
}

function curve(from: PlacedService, to: PlacedService): string {
  const [x1, y1] = [from.column * (width + gapX) + width, from.row * (height + gapY) + height / 2];
  const [x2, y2] = [to.column * (width + gapX), to.row * (height + gapY) + height / 2];
  return `M${x1} ${y1}C${x1 + gapX / 2} ${y1} ${x2 - gapX / 2} ${y2} ${x2} ${y2}`;
}
