import type { FastifyInstance } from "fastify";
import type { WayOutStatus } from "../forward/outbox-figures.ts";
import { FairShare } from "../xray/fair-share.ts";
import { parseTraceId } from "../xray/trace-id.ts";
import { addAlertRoutes } from "./alert-routes.ts";
import { answer } from "./answer.ts";
import { AwsError, unavailable } from "./aws-errors.ts";
import { filterOf } from "./groups.ts";
import type { LiveStream } from "./live-stream.ts";
import { addMapRoutes } from "./map-routes.ts";
import { metricsText } from "./metrics.ts";
import type { Api } from "./operation.ts";
import { addOverviewRoutes } from "./overview-routes.ts";
import { securityHeaders } from "./security-headers.ts";
import { addServicesRoutes } from "./services-routes.ts";
import { addSettingsRoutes, type ToldSettings } from "./settings-routes.ts";
import { addTraceRoutes } from "./trace-routes.ts";
import type { Problems, Status, TraceDocuments } from "./wire.ts";

/** More would mean a loop somewhere, and each costs a filter a change. */
const mostStreams = 64;

/** Where documents are sent on to, as far as probes, dashboards and people want to know. */
export interface Forwarding {
  status(): WayOutStatus;
  /** With what was refused at the door, what the other side would not take. */
  problems(atDoor: Problems): Problems;
}

/** What the routes tell of. */
interface Told {
  readonly live: LiveStream;
  readonly status: () => Promise<Status>;
  readonly trouble: (() => string | undefined) | undefined;
  readonly forwarding: Forwarding | undefined;
  readonly settings: ToldSettings;
}

/** What is served beside the X-Ray API: the live stream, and what console, CLI, probes and dashboards ask. */
export function addRoutes(app: FastifyInstance, api: Api, { live, status, trouble, forwarding, settings }: Told): void {
  const { ingest, store } = api;
  const problems = (): Problems => {
    const atDoor = { problems: ingest.problems(), counts: ingest.problemCounts() };
    return forwarding?.problems(atDoor) ?? atDoor;
  };

  addMapRoutes(app, api);

  const streams = new FairShare(mostStreams);
  app.get("/events", async (request, reply) => {
    const { filter, after } = request.query as { filter?: string | string[]; after?: string | string[] };
    const expression = typeof filter === "string" ? await filterOf({ FilterExpression: filter }, api) : undefined;
    const leave = live.clients < mostStreams ? streams.take(request.ip) : undefined;
    if (leave === undefined)
      throw unavailable(`There are ${mostStreams} live streams, or your share of them, already.`);
    reply.raw.once("close", leave);
    reply.hijack();
    reply.raw.writeHead(200, {
      ...securityHeaders,
      "content-type": "text/event-stream",
      "cache-control": "no-store",
      "x-accel-buffering": "no",
    });
    // A browser sends the header only where it comes back by itself.
    const lastEventId = request.headers["last-event-id"] ?? after;
    live.connect(reply.raw, {
      filter: expression,
      lastEventId: lastEventId === undefined ? undefined : String(lastEventId),
    });
  });

  app.get("/api/status", async (request, reply) => answer(request, reply, await status()));

  app.get("/api/problems", async (request, reply) => answer(request, reply, problems()));

  app.get("/api/traces/:id/documents", async (request, reply) => {
    const { id } = request.params as { id: string };
    const traceId = parseTraceId(id);
    const [trace] = traceId === undefined ? [] : await store.readTraces([traceId]);
    if (trace === undefined) throw new AwsError(404, "ResourceNotFoundException", `There is no trace ${id} here.`);
    const documents: TraceDocuments = trace;
    return answer(request, reply, documents);
  });

  addTraceRoutes(app, api);
  addOverviewRoutes(app, api);
  addServicesRoutes(app, api);
  addAlertRoutes(app, api);
  addSettingsRoutes(app, settings);

  app.get("/healthz", async (_request, reply) => {
    const reason = trouble?.();
    if (reason !== undefined) return reply.code(503).send({ status: "the store cannot be reached", reasons: [reason] });
    if (ingest.isFailing) return reply.code(503).send({ status: "the store cannot be written" });
    // Who waits for another side still does his own work: he must be neither restarted nor taken out of service for it.
    const health = forwarding?.status().health;
    if (health?.state === "degraded") return { status: "degraded", reasons: [health.reason] };
    return { status: "ok" };
  });

  app.get("/metrics", async (_request, reply) =>
    reply.header("content-type", "text/plain; version=0.0.4").send(
      metricsText(await status(), {
        problemCounts: problems().counts,
        streams: live.clients,
        waysOut: forwarding === undefined ? [] : [forwarding.status()],
      }),
    ),
  );
}
