import type { Operation } from "./operation.ts";
import { batchGetTraces } from "./operations/batch-get-traces.ts";
import { getGroups } from "./operations/get-groups.ts";
import { getSamplingRules } from "./operations/get-sampling-rules.ts";
import { getSamplingTargets } from "./operations/get-sampling-targets.ts";
import { getServiceGraph } from "./operations/get-service-graph.ts";
import { getTimeSeriesServiceStatistics } from "./operations/get-time-series-service-statistics.ts";
import { getTraceGraph } from "./operations/get-trace-graph.ts";
import { getTraceSummaries } from "./operations/get-trace-summaries.ts";
import { putTelemetryRecords } from "./operations/put-telemetry-records.ts";
import { putTraceSegments } from "./operations/put-trace-segments.ts";

/** The operations of the X-Ray API that are served here. */
export const operations: readonly Operation[] = [
  putTraceSegments,
  putTelemetryRecords,
  batchGetTraces,
  getTraceSummaries,
  getServiceGraph,
  getTraceGraph,
  getTimeSeriesServiceStatistics,
  getSamplingRules,
  getSamplingTargets,
  getGroups,
];
