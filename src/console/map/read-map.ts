import type { GetServiceGraphResponse } from "../../api/wire.ts";
import { type Range, readGraph, readSplitGraph } from "../api-client.ts";
import type { MapChoices } from "./map-choices.ts";

export interface MapQuery extends Range {
  readonly filter: string;
  /** By what services are told apart; absent: a service is one node. */
  readonly by: "operation" | "environment" | undefined;
}

/** By what the chosen look of the map needs services told apart. */
export function splitOf({ group, isSplit }: MapChoices): MapQuery["by"] {
  return group === "environment" ? "environment" : isSplit ? "operation" : undefined;
}

/** The graph that the map shows. `onPartial` sees it grow where it takes long. */
export function readMap(
  { by, ...range }: MapQuery,
  { signal, onPartial }: { signal: AbortSignal; onPartial: (graph: GetServiceGraphResponse) => void },
): Promise<GetServiceGraphResponse> {
  return by === undefined ? readGraph(range, { signal, onPartial }) : readSplitGraph({ ...range, by }, signal);
}
