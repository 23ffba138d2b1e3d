import { useEffect, useMemo, useState } from "react";
import { type CriticalPath, criticalPath } from "../../analysis/critical-path.ts";
import type { SpanColumns } from "../../analysis/span-columns.ts";
import type { SentColumns } from "./critical-path-worker.ts";
import { type PathOfRows, pathOfRows } from "./path-of-rows.ts";

/** Finding the path of more rows would be felt. */
const mostHere = 3_000;

/** The critical path of a trace; a large trace's is found aside, and not there at first. */
export function useCriticalPath(trace: SpanColumns): PathOfRows | undefined {
  const isSmall = trace.count <= mostHere;
  const here = useMemo(() => (isSmall ? pathOfRows(criticalPath(trace)) : undefined), [isSmall, trace]);
  const [found, setFound] = useState<{ readonly of: SpanColumns; readonly path: PathOfRows }>();
  useEffect(() => {
    if (isSmall) return;
    const worker = new Worker(new URL("./critical-path-worker.ts", import.meta.url), { type: "module" });
    worker.onmessage = ({ data }: MessageEvent<CriticalPath>) => setFound({ of: trace, path: pathOfRows(data) });
    const { count, startSeconds, endSeconds, services, sizes, starts, ends, labelOf, flags } = trace;
    const serviceOfLabel = Uint32Array.from(trace.labels, ({ service }) => service);
    const columns = {
      count,
      startSeconds,
      endSeconds,
      services,
      sizes,
      starts,
      ends,
      labelOf,
      flags,
      serviceOfLabel,
    };
    worker.postMessage(columns satisfies SentColumns);
    return () => worker.terminate();
  }, [isSmall, trace]);
  return here ?? (found?.of === trace ? found.path : undefined);
}
