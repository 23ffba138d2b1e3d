import { useState } from "react";
import { type Fitting, fitGrouping } from "./group-map.ts";
import type { MapView } from "./map-view.ts";

const undecided: Fitting = { by: "none", areClosed: false };

/** How the map is gathered unless someone says otherwise; decided anew only when it has become much larger or smaller. */
export function useFitting(view: MapView): Fitting {
  const [before, setBefore] = useState<Fitting>();
  const now = fitGrouping(view, before);
  if (now !== before) setBefore(now);
  return now ?? undecided;
}
