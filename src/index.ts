/** The public library: `import { call, up } from "fluoroscope"`. */

// Call a URL and record the call; or record work of your own and send it to an X-Ray daemon.
export type { CallOptions, CallResult, CallTrace } from "./call/call.ts";
export { call } from "./call/call.ts";
export type { Emitter } from "./call/emit-segment.ts";
export { emitter } from "./call/emit-segment.ts";
export type { SegmentDocument } from "./call/segment-document.ts";
export type { Outcome, SegmentOptions, SegmentRecorder, SubsegmentOptions } from "./call/segment-recorder.ts";
export { openSegment } from "./call/segment-recorder.ts";
// Every setting of a fluoroscope, from flags, environment and file.
export type { Config, ConfigSources, ConfigWithOrigins } from "./config.ts";
export { readConfig } from "./config.ts";
// What is thrown; compare `code`.
export type { ErrorCode } from "./errors.ts";
export { FilterSyntaxError, FluoroscopeError, StoreError } from "./errors.ts";
// X-Ray's filter expressions, and the service graph of any traces.
export { matches } from "./filter/evaluate.ts";
export { parseFilter } from "./filter/parser.ts";
export type { Filter } from "./filter/tree.ts";
export { serviceGraph } from "./graph/build-graph.ts";
export type { ServiceGraph } from "./graph/service-graph.ts";
// Where messages go.
export type { Log } from "./log.ts";
export { createLog, silentLog } from "./log.ts";
// From documents to a trace, and to the digest that filters and graphs are made of. Pure: no I/O, no clock.
export { assembleTrace } from "./trace/assemble-trace.ts";
export type { TraceDigest } from "./trace/digest.ts";
export { digestTrace } from "./trace/digest-trace.ts";
export type { ParsedDocument } from "./trace/parse-segment.ts";
export { parseSegment } from "./trace/parse-segment.ts";
export type { Problem } from "./trace/problem.ts";
export type { Segment } from "./trace/segment.ts";
export type { TraceSummary } from "./trace/summarise.ts";
export { summarise } from "./trace/summarise.ts";
export type { Trace } from "./trace/trace.ts";
// A whole fluoroscope in this process: daemon, service API, store and console.
export type { Running } from "./up.ts";
export { up } from "./up.ts";
