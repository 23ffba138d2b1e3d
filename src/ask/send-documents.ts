import type { PutTraceSegmentsResponse, Status, UnprocessedTraceSegment } from "../api/wire.ts";
import { FluoroscopeError } from "../errors.ts";
import { askServer, type Server } from "./ask-server.ts";

/** As many as X-Ray takes in one call. */
const perCall = 50;

/** Puts documents into a running fluoroscope; answers those it would not take. They are on disk when this resolves. */
export async function sendDocuments(
  server: Server,
  documents: readonly string[],
  onSent: (sent: number) => void = () => {},
): Promise<UnprocessedTraceSegment[]> {
  const refused: UnprocessedTraceSegment[] = [];
  for (let at = 0; at < documents.length; at += perCall) {
    const body = { TraceSegmentDocuments: documents.slice(at, at + perCall) };
    const { UnprocessedTraceSegments } = await server.post<PutTraceSegmentsResponse>("/TraceSegments", body);
    refused.push(...UnprocessedTraceSegments);
    onSent(Math.min(at + perCall, documents.length));
  }
  return refused;
}

/** Puts OpenTelemetry's requests in where it listens for them; answers how many spans it would not take, and why. */
export async function sendOtlp(
  server: Server,
  requests: readonly string[],
  key?: string,
): Promise<{ readonly rejected: number; readonly reason: string }> {
  const status = await server.get<Status>("/api/status");
  const address = status?.addresses.otlpHttp;
  if (address === undefined) {
    const message = `The fluoroscope at ${server.endpoint} does not listen for OpenTelemetry. Start it with --otlp-http-port.`;
    throw new FluoroscopeError("FLUORO_REFUSED", message);
  }
  const receiver = askServer(address, key);
  let [rejected, reason] = [0, ""];
  for (const request of requests) {
    const { partialSuccess } = await receiver.post<OtlpAnswer>("/v1/traces", JSON.parse(request));
    rejected += Number(partialSuccess?.rejectedSpans ?? 0);
    reason ||= partialSuccess?.errorMessage ?? "";
  }
  return { rejected, reason };
}

interface OtlpAnswer {
  readonly partialSuccess?: { readonly rejectedSpans?: number | string; readonly errorMessage?: string };
}
