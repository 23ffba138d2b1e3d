import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import type { WireTimeSeriesPoint } from "../../api/wire.ts";
import { endsOf, type TimeSpan } from "../address/time-span.ts";
import { readTimeSeries } from "../api-client.ts";
import { applyChange } from "./apply-change.ts";
import type { MapView } from "./map-view.ts";
import { type MapQuery, readMap } from "./read-map.ts";
import { stepSeconds } from "./time-steps.ts";

/** A range in steps, of which one may be shown alone. */
export interface Replay {
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly periodSeconds: number;
  /** What entered in each step; steps in which nothing did are left out. */
  readonly points: readonly WireTimeSeriesPoint[];
  /** The map of the chosen step; `undefined` where none is chosen, or until it is there. */
  readonly step: MapView | undefined;
  readonly isPlaying: boolean;
  /** Shows one step after the other, from the chosen one or from the first; again: stops. */
  readonly togglePlaying: () => void;
}

/** How long each step is looked at. */
const stepMs = 650;

/** The steps of a range, and the map of one of them. `onStep` is told where playing has come to. */
export function useReplay(
  { filter, span, by }: { filter: string; span: TimeSpan; by: MapQuery["by"] },
  atSeconds: number | undefined,
  onStep: (atSeconds: number | undefined) => void,
): Replay {
  const client = useQueryClient();
  const [isPlaying, setPlaying] = useState(false);
  const periodSeconds = stepSeconds(span);
  const { data: series } = useQuery({
    queryKey: ["series", "entering", filter, span],
    queryFn: async ({ signal }) => {
      const range = endsOf(span, Date.now() / 1000);
      const answer = await readTimeSeries({ ...range, filter, periodSeconds }, signal);
      return { ...range, points: answer.TimeSeriesServiceStatistics };
    },
    placeholderData: (before) => before,
    refetchInterval: 10_000,
  });
  const { startSeconds, endSeconds, points } = series ?? { ...endsOf(span, Date.now() / 1000), points: [] };

  const stepQuery = (at: number | undefined) => ({
    queryKey: ["graph-step", filter, at, periodSeconds, by],
    queryFn: ({ signal }: { signal: AbortSignal }) =>
      readMap(
        { startSeconds: at ?? 0, endSeconds: (at ?? 0) + periodSeconds, filter, by },
        // Half a step would only make figures jump.
        { signal, onPartial: () => undefined },
      ),
    structuralSharing: false,
    staleTime: 60_000,
  });
  const { data: graph } = useQuery({
    ...stepQuery(atSeconds),
    enabled: atSeconds !== undefined,
    placeholderData: (before) => before,
  });
  const step = useMemo(
    () => (graph === undefined || atSeconds === undefined ? undefined : applyChange(undefined, graph)),
    [graph, atSeconds],
  );

  const first = Math.floor(startSeconds / periodSeconds) * periodSeconds;
  const next = atSeconds === undefined ? first : atSeconds + periodSeconds;
  const hasNext = next < endSeconds;
  const told = useRef(onStep);
  useEffect(() => {
    told.current = onStep;
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: one step each time, whatever else has changed
  useEffect(() => {
    if (!isPlaying) return;
    if (!hasNext) {
      setPlaying(false);
      return;
    }
    let isOver = false;
    // The next step is shown when it is there, not before it would have been its turn.
    const timer = setTimeout(
      () => {
        void client.prefetchQuery(stepQuery(next)).then(() => {
          if (!isOver) told.current(next);
        });
      },
      atSeconds === undefined ? 0 : stepMs,
    );
    // Asked for at once, so that it is there when its turn comes. (A prefetch never fails: the page will see why.)
    void client.prefetchQuery(stepQuery(next));
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [isPlaying, next, hasNext]);
  const togglePlaying = (): void => {
    // From the end on there is nothing to play: from the start, then.
    if (!isPlaying && !hasNext) onStep(first);
    setPlaying(!isPlaying);
  };
  return { startSeconds, endSeconds, periodSeconds, points, step, isPlaying, togglePlaying };
}
