import type { BatchGetTracesResponse, GetTraceSummariesResponse, WireTrace, WireTraceSummary } from "../api/wire.ts";
import { formatFilter } from "../filter/format.ts";
import type { StoredTrace, TraceQuery } from "../store/trace-store.ts";
import { assembleTrace } from "../trace/assemble-trace.ts";
import type { TraceDigest } from "../trace/digest.ts";
import { digestTrace } from "../trace/digest-trace.ts";
import { parseSegment } from "../trace/parse-segment.ts";
import type { Ask } from "./ask-api.ts";

/** AWS's limit of ids a call, and as many calls at a time as it puts up with. */
const idsPerCall = 5;
const callsAtOnce = 4;
const keptDigests = 2_000;

type Question = Pick<TraceQuery, "startSeconds" | "endSeconds" | "rangeType" | "filter" | "after" | "sampleRate">;

/** Traces that an X-Ray API has, read the way that any client of it may. */
export class RemoteTraces {
  readonly #ask: Ask;
  /** By id, least recently used first. Valid for one version of the trace. */
  readonly #digests: Map<string, { readonly version: string; readonly digest: TraceDigest }> = new Map();

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  /** One page of those that match, as large as the other side makes it. */
  findSummaries(question: Question): Promise<GetTraceSummariesResponse> {
    const { startSeconds, endSeconds, rangeType, filter, after, sampleRate = 1 } = question;
    const expression = filter && formatFilter(filter);
    return this.#ask("/TraceSummaries", {
      StartTime: startSeconds,
      EndTime: endSeconds,
      TimeRangeType: rangeType,
      ...(expression && { FilterExpression: expression }),
      ...(sampleRate < 1 && { Sampling: true, SamplingStrategy: { Name: "FixedRate", Value: sampleRate } }),
      ...(after !== undefined && { NextToken: after }),
    });
  }

  /** Documents as the other side puts them together. Unknown ids are left out. */
  async read(ids: readonly string[]): Promise<StoredTrace[]> {
    const parts = Array.from({ length: Math.ceil(ids.length / idsPerCall) }, (_, part) =>
      ids.slice(part * idsPerCall, (part + 1) * idsPerCall),
    );
    const read: StoredTrace[][] = [];
    for (let at = 0; at < parts.length; at += callsAtOnce) {
      read.push(...(await Promise.all(parts.slice(at, at + callsAtOnce).map((part) => this.#readPart(part)))));
    }
    return read.flat();
  }

  /** The digests of these traces, newest version, in their order; each version is fetched once. */
  async digest(summaries: readonly WireTraceSummary[]): Promise<TraceDigest[]> {
    const missing = summaries.filter((summary) => this.#digests.get(summary.Id)?.version !== versionOf(summary));
    const read = new Map((await this.read(missing.map(({ Id }) => Id))).map((trace) => [trace.id, trace]));
    return summaries.flatMap((summary) => {
      const trace = read.get(summary.Id);
      const digest = trace === undefined ? this.lastKnown(summary.Id) : digestOf(trace, summary.Revision);
      if (digest === undefined) return [];
      this.#keep(summary, digest);
      return [digest];
    });
  }

  /** As it was when it was read last. */
  lastKnown(id: string): TraceDigest | undefined {
    return this.#digests.get(id)?.digest;
  }

  async #readPart(ids: readonly string[]): Promise<StoredTrace[]> {
    const traces = new Map<string, WireTrace[]>();
    let token: string | undefined;
    do {
      const body = { TraceIds: ids, ...(token !== undefined && { NextToken: token }) };
      const page = await this.#ask<BatchGetTracesResponse>("/Traces", body);
      // A long trace goes over several pages.
      for (const trace of page.Traces) traces.set(trace.Id, [...(traces.get(trace.Id) ?? []), trace]);
      token = page.NextToken;
    } while (token !== undefined);
    return [...traces].map(([id, parts]) => {
      const documents = parts.flatMap(({ Segments }) => Segments.map(({ Document }) => Document)).filter(wasSent);
      // There is no revision here; whoever waits for more sees that there is more.
      return { id, revision: documents.reduce((sum, { length }) => sum + length, 1), documents };
    });
  }

  #keep(summary: WireTraceSummary, digest: TraceDigest): void {
    this.#digests.delete(summary.Id);
    this.#digests.set(summary.Id, { version: versionOf(summary), digest });
    if (this.#digests.size > keptDigests) this.#digests.delete(this.#digests.keys().next().value!);
  }
}

/** Differs when the trace has changed, also where nobody counts revisions. */
export function versionOf({ Revision, Duration, IsPartial }: WireTraceSummary): string {
  return `${Revision}/${Duration}/${IsPartial}`;
}

/** Segments that X-Ray has inferred are inferred again here. */
function wasSent(document: string): boolean {
  if (!document.includes('"inferred"')) return true;
  const { inferred }: { inferred?: unknown } = JSON.parse(document) as object;
  return inferred !== true;
}

function digestOf({ id, documents }: StoredTrace, revision: number): TraceDigest {
  const segments = documents.flatMap((document) => {
    const parsed = parseSegment(document, { maxBytes: Number.POSITIVE_INFINITY });
    return parsed.kind === "segments" ? parsed.segments : [];
  });
  return digestTrace(assembleTrace(id, segments), revision);
}
