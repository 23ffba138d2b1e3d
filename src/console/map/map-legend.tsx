import type { ReactElement } from "react";
import { estimateWords } from "../../analysis/estimate-words.ts";
import type { ColourBy } from "../address/view-address.ts";
import { states } from "../ui/health-states.ts";
import { StateMark, stateNames } from "../ui/state-mark.tsx";
import { scaleOf } from "./health.ts";
import type { Percentile } from "./map-choices.ts";
import type { MapView } from "./map-view.ts";

interface MapLegendProps {
  readonly view: MapView;
  readonly colour: ColourBy;
  readonly percentile?: Percentile;
}

/** What the colours of the map mean. */
export function MapLegend({ view, colour, percentile = "p95" }: MapLegendProps): ReactElement {
  const scale = scaleOf(view, colour, percentile);
  const estimates = estimatesOf(view);
  return (
    <div className="map-legend">
      {scale === undefined ? (
        states.map((state) => (
          <span key={state}>
            <StateMark state={state} isSilent /> {stateNames[state]}
          </span>
        ))
      ) : (
        <>
          <span>{scale.format(scale.low)}</span>
          <span className="scale" aria-hidden="true" />
          <span>{scale.format(scale.high)}</span>
        </>
      )}
      {estimates !== undefined && (
        <span className="tag" title="Tail sampling keeps some traces only; figures count each for those it stands for">
          ≈ {estimates}
        </span>
      )}
    </div>
  );
}

/** Of all that services have counted, how much was kept. */
function estimatesOf({ nodes }: MapView): string | undefined {
  let [total, estimated] = [0, 0];
  for (const { figures } of nodes) {
    total += figures?.total ?? 0;
    estimated += figures?.estimated ?? 0;
  }
  return estimateWords(total, estimated);
}
