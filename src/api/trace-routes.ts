import type { FastifyInstance, FastifyRequest } from "fastify";
import { isSegmentId } from "../xray/segment-id.ts";
import { parseTraceId } from "../xray/trace-id.ts";
import { answer } from "./answer.ts";
import { AwsError } from "./aws-errors.ts";
import type { Api } from "./operation.ts";
import { TraceDesk } from "./trace-desk.ts";
import { integer, object, optional, text } from "./validate.ts";

const revisionQuery = object({ revision: optional(integer({ min: 0 })) });
const searchQuery = object({ text: text({ max: 500 }), revision: optional(integer({ min: 0 })) });

/** What the trace's page asks for: the skeleton of a trace first, then what a row says, and where a text stands. */
export function addTraceRoutes(app: FastifyInstance, { store }: Pick<Api, "store">): void {
  const desk = new TraceDesk(store);
  app.addHook("onClose", () => desk.close());

  app.get("/api/traces/:id/skeleton", async (request, reply) => {
    const skeleton = await desk.skeleton(traceIdIn(request));
    if (skeleton === undefined) throw noTrace(request);
    return reply
      .header("content-type", "application/octet-stream")
      .header("cache-control", "no-store")
      .send(Buffer.from(skeleton.buffer, skeleton.byteOffset, skeleton.byteLength));
  });

  app.get("/api/traces/:id/segments/:segmentId", async (request, reply) => {
    const { segmentId } = request.params as { segmentId: string };
    const { revision } = revisionQuery(queryOf(request), "");
    const id = traceIdIn(request);
    const details = isSegmentId(segmentId) ? await desk.segment(id, segmentId.toLowerCase(), revision) : undefined;
    if (details === undefined) {
      throw new AwsError(404, "ResourceNotFoundException", `There is no segment ${segmentId} in trace ${id}.`);
    }
    return answer(request, reply, details);
  });

  app.get("/api/traces/:id/search", async (request, reply) => {
    const { text: sought, revision } = searchQuery(queryOf(request), "");
    const found = await desk.search(traceIdIn(request), sought, revision);
    if (found === undefined) throw noTrace(request);
    return answer(request, reply, found);
  });
}

function traceIdIn(request: FastifyRequest): string {
  const id = parseTraceId((request.params as { id: string }).id);
  if (id === undefined) throw noTrace(request);
  return id;
}

function noTrace({ params }: FastifyRequest): AwsError {
  return new AwsError(404, "ResourceNotFoundException", `There is no trace ${(params as { id: string }).id} here.`);
}

/** A query string has texts only; what is no number stays one, for the check to refuse. */
function queryOf({ query }: FastifyRequest): Record<string, unknown> {
  const { revision, ...others } = query as Readonly<Record<string, unknown>>;
  if (typeof revision !== "string") return query as Record<string, unknown>;
  return { ...others, revision: /^\d+$/.test(revision) ? Number(revision) : revision };
}
