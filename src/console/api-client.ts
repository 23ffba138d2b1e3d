import type {
  BatchGetTracesResponse,
  GetServiceGraphResponse,
  GetTimeSeriesServiceStatisticsResponse,
  GetTraceSummariesResponse,
  Problems,
  Status,
  TraceDocuments,
  WireError,
} from "../api/wire.ts";

/** The server answered, but not with what was asked for. */
export class ApiError extends Error {
  readonly status: number;
  /** AWS's name of the error, as `InvalidRequestException`. */
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.code = code;
  }
}

/** Nobody answered. */
export class Unreachable extends Error {
  constructor(cause: unknown) {
    super("fluoroscope does not answer", { cause });
    this.name = "Unreachable";
  }
}

export interface Range {
  readonly startSeconds: number;
  readonly endSeconds: number;
}

/** The service graph of a range, of all traces or of those that match. `onPartial` sees it grow. */
export async function readGraph(
  { startSeconds, endSeconds, filter }: Range & { readonly filter: string },
  { signal, onPartial }: { readonly signal: AbortSignal; readonly onPartial: (graph: GetServiceGraphResponse) => void },
): Promise<GetServiceGraphResponse> {
  const body = { StartTime: startSeconds, EndTime: endSeconds };
  if (filter === "") return post("/ServiceGraph", body, { signal });
  const response = await request("/ServiceGraph", {
    method: "POST",
    body: JSON.stringify({ ...body, FilterExpression: filter }),
    headers: { accept: "application/x-ndjson" },
    signal,
  });
  for await (const line of linesOf(response)) {
    const answer = JSON.parse(line) as GetServiceGraphResponse | WireError;
    // A failure on the way is told in the last line, when the status has long been sent.
    if (!("Services" in answer)) throw new ApiError(500, "InternalFailure", answer.Message);
    if (answer.Final === true) return answer;
    onPartial(answer);
  }
  throw new Unreachable("the answer ended too soon");
}

/** One page of summaries, newest first. */
export function readSummaries(
  { startSeconds, endSeconds, filter, nextToken }: Range & { readonly filter: string; readonly nextToken?: string },
  signal?: AbortSignal,
): Promise<GetTraceSummariesResponse> {
  const body = {
    StartTime: startSeconds,
    EndTime: endSeconds,
    TimeRangeType: "Event",
    OwnMembers: true,
    ...(filter !== "" && { FilterExpression: filter }),
    ...(nextToken !== undefined && { NextToken: nextToken }),
  };
  return post("/TraceSummaries", body, { signal });
}

/** The graph of one trace. */
export async function readTraceGraph(id: string, signal: AbortSignal): Promise<GetServiceGraphResponse> {
  const { Services } = await post<GetServiceGraphResponse>("/TraceGraph", { TraceIds: [id] }, { signal });
  const startSeconds = Math.min(...Services.map((service) => service.StartTime));
  const endSeconds = Math.max(...Services.map((service) => service.EndTime));
  return { StartTime: startSeconds, EndTime: endSeconds, Services, ContainsOldGroupVersions: false };
}

/** The service graph with a node for each operation, or each environment, of a service. */
export function readSplitGraph(
  {
    startSeconds,
    endSeconds,
    filter,
    by,
  }: Range & { readonly filter: string; readonly by: "operation" | "environment" },
  signal: AbortSignal,
): Promise<GetServiceGraphResponse> {
  const query = new URLSearchParams({ by, filter, start: String(startSeconds), end: String(endSeconds) });
  return get(`/api/map/split?${query}`, signal);
}

/** Figures over time of a node or an edge; without a selector of all that enters. */
export function readTimeSeries(
  {
    startSeconds,
    endSeconds,
    filter,
    selector,
    periodSeconds,
  }: Range & {
    readonly filter: string;
    readonly selector?: string | undefined;
    readonly periodSeconds: number;
  },
  signal: AbortSignal,
): Promise<GetTimeSeriesServiceStatisticsResponse> {
  const body = {
    StartTime: startSeconds,
    EndTime: endSeconds,
    ...(selector !== undefined && { EntitySelectorExpression: selector }),
    Period: periodSeconds,
    ...(filter !== "" && { FilterExpression: filter }),
  };
  return post("/TimeSeriesServiceStatistics", body, { signal });
}

/**
 * The documents of a trace as they came; from a server that speaks X-Ray's API alone, as that makes them up.
 * `undefined` when there is no such trace.
 */
export async function readTraceDocuments(id: string, signal: AbortSignal): Promise<TraceDocuments | undefined> {
  try {
    return await get(`/api/traces/${encodeURIComponent(id)}/documents`, signal);
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 404) throw error;
    if (error.code === "ResourceNotFoundException") return undefined;
  }
  const { Traces } = await post<BatchGetTracesResponse>("/Traces", { TraceIds: [id] }, { signal });
  const trace = Traces[0];
  return trace && { id: trace.Id, revision: 1, documents: trace.Segments.map((segment) => segment.Document) };
}

export function readStatus(signal?: AbortSignal): Promise<Status> {
  return get("/api/status", signal);
}

export function readProblems(signal: AbortSignal): Promise<Problems> {
  return get("/api/problems", signal);
}

/** What a page asks for that only it needs. */
export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  const response = await request(path, { ...(signal && { signal }) });
  return (await response.json()) as T;
}

/** The same for an answer that grows line by line: `onPartial` sees what comes before the last. */
export async function getLines<T extends object>(
  path: string,
  { signal, onPartial }: { readonly signal: AbortSignal; readonly onPartial: (partial: T) => void },
): Promise<T> {
  const response = await request(path, { headers: { accept: "application/x-ndjson" }, signal });
  for await (const line of linesOf(response)) {
    const answer = JSON.parse(line) as (T & { readonly Final?: true }) | WireError;
    if ("Message" in answer) throw new ApiError(500, "InternalFailure", answer.Message);
    if (answer.Final === true) return answer;
    onPartial(answer);
  }
  throw new Unreachable("the answer ended too soon");
}

/** One operation of the X-Ray API. */
export async function post<T>(
  path: string,
  body: object,
  { signal }: { signal?: AbortSignal | undefined } = {},
): Promise<T> {
  const response = await request(path, { method: "POST", body: JSON.stringify(body), ...(signal && { signal }) });
  return (await response.json()) as T;
}

/** What a page asks for that is not JSON. Rejects with an `ApiError` for what is refused. */
export async function request(path: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, init);
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new Unreachable(error);
  }
  if (response.ok) return response;
  const { Message = response.statusText }: Partial<WireError> = await response.json().catch(() => ({}));
  throw new ApiError(response.status, response.headers.get("x-amzn-errortype") ?? "", Message);
}

async function* linesOf(response: Response): AsyncGenerator<string> {
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    const lines = (rest + (value ?? "")).split("\n");
    rest = lines.pop()!;
    for (const line of lines) if (line !== "") yield line;
    if (done) break;
  }
  if (rest !== "") yield rest;
}
