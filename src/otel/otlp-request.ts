import type { ResourceSpans } from "./span.ts";

/**
 * An `ExportTraceServiceRequest` once it is decoded, from protobuf and from JSON alike: one group for each scope of each
 * resource, in the order they came. What decoders keep to:
 *
 * - Groups of one resource share the object. A resource that is missing has no attributes, a scope that is missing is
 *   named `""`.
 * - Ids are lower-case hex of whatever bytes came, so `""` is no id; `spansToDocuments` refuses those that are wrong.
 * - Times are unsigned nanoseconds in decimal, `"0"` where there is none.
 * - Kinds and status codes that OTLP does not have are 0.
 * - Bytes among attribute values are base64. A whole number that no number of JavaScript holds is its decimal text. Of two
 *   attributes with one key the last counts.
 */
export type OtlpRequest = readonly ResourceSpans[];
