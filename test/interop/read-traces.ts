import {
  BatchGetTracesCommand,
  GetServiceGraphCommand,
  paginateGetTraceSummaries,
  type Service,
  type TraceSummary,
  XRayClient,
} from "@aws-sdk/client-xray";
import { vi } from "vitest";

/** AWS's own client, pointed at a fluoroscope. */
export function xrayClient(endpoint: string): XRayClient {
  return new XRayClient({
    endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "any", secretAccessKey: "any" },
    maxAttempts: 1,
  });
}

/** From a minute ago to a minute ahead: everything that a test has just sent. */
function lately(): { StartTime: Date; EndTime: Date } {
  return { StartTime: new Date(Date.now() - 60_000), EndTime: new Date(Date.now() + 60_000) };
}

export async function findSummaries(client: XRayClient, filter?: string): Promise<TraceSummary[]> {
  const found: TraceSummary[] = [];
  const input = { ...lately(), ...(filter !== undefined && { FilterExpression: filter }) };
  for await (const page of paginateGetTraceSummaries({ client }, input)) found.push(...(page.TraceSummaries ?? []));
  return found;
}

export async function serviceGraph(client: XRayClient): Promise<Service[]> {
  return (await client.send(new GetServiceGraphCommand(lately()))).Services ?? [];
}

/** A document as BatchGetTraces answers it: as much as the tests look at. */
export interface AnsweredDocument {
  readonly id: string;
  readonly name: string;
  readonly parent_id?: string;
  readonly inferred?: boolean;
  readonly fault?: boolean;
  readonly user?: string;
  readonly http?: { readonly response?: { readonly status?: number }; readonly request?: { readonly url?: string } };
  readonly cause?: unknown;
  readonly subsegments?: readonly AnsweredDocument[];
}

export async function readDocuments(client: XRayClient, traceId: string): Promise<AnsweredDocument[]> {
  const { Traces = [] } = await client.send(new BatchGetTracesCommand({ TraceIds: [traceId] }));
  return (Traces[0]?.Segments ?? []).map((segment) => JSON.parse(segment.Document!) as AnsweredDocument);
}

/** UDP has no answer to wait for: asks until as many documents of the trace are there. */
export async function awaitDocuments(client: XRayClient, traceId: string, count: number): Promise<AnsweredDocument[]> {
  return vi.waitFor(
    async () => {
      const documents = await readDocuments(client, traceId);
      if (documents.length < count) throw new Error(`${documents.length} of ${count} documents are there`);
      return documents;
    },
    { timeout: 15_000, interval: 100 },
  );
}
