import type { FastifyInstance } from "fastify";
import { parseTraceId } from "../xray/trace-id.ts";
import { answer } from "./answer.ts";
import { AwsError, unavailable } from "./aws-errors.ts";
import { filterOf } from "./groups.ts";
import type { LiveStream } from "./live-stream.ts";
import { metricsText } from "./metrics.ts";
import type { Api } from "./operation.ts";
import { securityHeaders } from "./security-headers.ts";
import type { Problems, Status, TraceDocuments } from "./wire.ts";

/** More would mean a loop somewhere, and each costs a filter a change. */
const mostStreams = 64;

/** What is served beside the X-Ray API: the live stream, and what console, CLI, probes and dashboards ask. */
export function addRoutes(app: FastifyInstance, api: Api, live: LiveStream, status: () => Promise<Status>): void {
  const { ingest, store } = api;

  app.get("/events", async (request, reply) => {
    const { filter } = request.query as { filter?: string | string[] };
    const expression = typeof filter === "string" ? await filterOf({ FilterExpression: filter }, api) : undefined;
    if (live.clients >= mostStreams) throw unavailable(`There are ${mostStreams} live streams already.`);
    reply.hijack();
    reply.raw.writeHead(200, {
      ...securityHeaders,
      "content-type": "text/event-stream",
      "cache-control": "no-store",
      "x-accel-buffering": "no",
    });
    const lastEventId = request.headers["last-event-id"];
    live.connect(reply.raw, {
      filter: expression,
      lastEventId: lastEventId === undefined ? undefined : String(lastEventId),
    });
  });

  app.get("/api/status", async (request, reply) => answer(request, reply, await status()));

  app.get("/api/problems", async (request, reply) => {
    const problems: Problems = { problems: ingest.problems(), counts: ingest.problemCounts() };
    return answer(request, reply, problems);
  });

  app.get("/api/traces/:id/documents", async (request, reply) => {
    const { id } = request.params as { id: string };
    const traceId = parseTraceId(id);
    const [trace] = traceId === undefined ? [] : await store.readTraces([traceId]);
    if (trace === undefined) throw new AwsError(404, "ResourceNotFoundException", `There is no trace ${id} here.`);
    const documents: TraceDocuments = trace;
    return answer(request, reply, documents);
  });

  app.get("/healthz", async (_request, reply) => {
    const isWell = !ingest.isFailing;
    return reply.code(isWell ? 200 : 503).send({ status: isWell ? "ok" : "the store cannot be written" });
  });

  app.get("/metrics", async (_request, reply) =>
    reply
      .header("content-type", "text/plain; version=0.0.4")
      .send(metricsText(await status(), ingest.problemCounts(), live.clients)),
  );
}
