import { randomUUID } from "node:crypto";
import type { Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { type FastifyInstance, type FastifyRequest, fastify } from "fastify";
import { endConnections } from "../end-connections.ts";
import { shareConnections } from "../xray/fair-share.ts";
import type { AccessKeys } from "./access-keys.ts";
import type { AuditLog } from "./audit-log.ts";
import { audited } from "./audited.ts";
import { authenticator, type Deed } from "./authenticate.ts";
import { describeFailure, requestTooLarge, unknownOperation } from "./aws-errors.ts";
import { consoleFolder, serveConsole } from "./console-files.ts";
import { limitQuestions } from "./fair-questions.ts";
import { checkCaller } from "./guard.ts";
import { guardAccess } from "./guard-access.ts";
import { LiveStream } from "./live-stream.ts";
import { addMcpRoutes, type McpService, mcpPath } from "./mcp-routes.ts";
import type { Api } from "./operation.ts";
import { operations } from "./operations.ts";
import { ownOperations } from "./own-operations.ts";
import { readBody } from "./read-body.ts";
import { addRemoteOperations, type Remote } from "./remote-operations.ts";
import { addRoutes, type Forwarding } from "./routes.ts";
import { securityHeaders } from "./security-headers.ts";
import { serveOperation } from "./serve-operation.ts";
import type { Status } from "./wire.ts";
import type { Keeps } from "./wire-settings.ts";

/** The HTTP side: the X-Ray API, the live stream, the console. */
export interface ApiServer {
  /** Answers the port. Rejects with the system's error when it cannot be had, and may then be tried again. */
  listen(port: number): Promise<number>;
  /** Lets requests under way finish, for a moment. May be called twice. */
  close(): Promise<void>;
}

export interface ApiServerOptions {
  readonly api: Api;
  readonly host: string;
  readonly status: () => Promise<Status>;
  /** Why the store cannot be used at present, where that is known without asking it. */
  readonly trouble?: () => string | undefined;
  /** Where documents are sent on to as well, if anywhere. */
  readonly forwarding?: Forwarding | undefined;
  /** Answers the operations instead of this server's own store. */
  readonly remote?: Remote | undefined;
  /** Who is let in; without keys everybody is. */
  readonly keys?: AccessKeys;
  readonly audit?: AuditLog;
  /** How much is kept for how long, for those who want to see it. */
  readonly keeps?: Keeps;
  /** Answers agents. */
  readonly mcp?: McpService;
  /** Where the built console is. */
  readonly console?: string;
}

/** A daemon sends fifty documents of 64 KB at most; this leaves room for documents that no daemon would take. */
const bodyBytes = 16 * 2 ** 20;
const mostConnections = 1_024;
/** A stop waits this long for requests under way. */
const patienceMs = 5_000;

/** Makes the server; nothing listens yet. */
export async function createApiServer(options: ApiServerOptions): Promise<ApiServer> {
  const { api, host, status, forwarding, remote } = options;
  const app = createApp();
  const guard = options.keys?.size ? guardAccess(app, authenticator(options.keys, api.now), deedOf) : undefined;
  const live = new LiveStream(api.store, () => api.ingest.counters());

  app.addHook("onRequest", async (request, reply) => {
    reply.headers(securityHeaders).header("x-amzn-requestid", randomUUID());
    checkCaller(request.headers, host);
    // Samplers name no content type, others a wrong one: the body is JSON all the same.
    delete request.raw.headers["content-type"];
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "buffer" }, async (request: FastifyRequest, body: Buffer) => {
    guard?.checkBody(request, body);
    return remote === undefined ? readBody(body) : body;
  });
  app.setErrorHandler((error, request, reply) => {
    const isTooLarge = error instanceof Error && "statusCode" in error && error.statusCode === 413;
    const failure = describeFailure(isTooLarge ? requestTooLarge(bodyBytes) : error);
    if (failure.isOurs) {
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      api.log.error({ url: request.url, error: text }, "answering a request failed");
    }
    reply.header("x-amzn-errortype", failure.code).code(failure.status).send(failure.body);
  });

  limitQuestions(app);
  if (remote !== undefined) addRemoteOperations(app, remote, api);
  else {
    for (const each of [...operations, ...ownOperations]) {
      const operation = options.audit === undefined ? each : audited(each, options.audit);
      app.post(operation.path, (request, reply) =>
        serveOperation(operation, request.body ?? {}, api, { request, reply, key: guard?.keyOf(request)?.id }),
      );
    }
  }
  const settings = {
    keeps: options.keeps ?? {},
    keys: options.keys ?? new Map(),
    keyOf: (request: FastifyRequest) => guard?.keyOf(request),
  };
  addRoutes(app, api, { live, status, trouble: options.trouble, forwarding, settings });
  if (options.mcp !== undefined) addMcpRoutes(app, options.mcp);
  const sendConsole = await serveConsole(app, options.console ?? consoleFolder);
  app.setNotFoundHandler((request, reply) => {
    const isPage = (request.method === "GET" || request.method === "HEAD") && !request.url.startsWith("/api/");
    if (!isPage) throw unknownOperation(request.method, request.url);
    return sendConsole(reply);
  });
  await app.ready();
  const end = endConnections(app.server);

  return {
    listen: (port) => listen(app.server, port, host),
    async close() {
      live.close();
      await end(patienceMs);
      await app.close();
    },
  };
}

/** An operation's own access; whatever else is posted may change anything, and whatever is got is only looked at. */
function deedOf({ method, url }: FastifyRequest): Deed {
  if (method !== "POST") return "read";
  const path = url.split("?")[0];
  if (path === mcpPath) return "read";
  return operations.find((operation) => operation.path === path)?.access ?? "manage";
}

function createApp(): FastifyInstance {
  const app = fastify({
    bodyLimit: bodyBytes,
    // Whoever sends or reads slowly is given up on; a live stream's heartbeats keep it alive.
    http: { headersTimeout: 10_000, connectionsCheckingInterval: 2_000 },
    requestTimeout: 30_000,
    connectionTimeout: 120_000,
    keepAliveTimeout: 65_000,
    clientErrorHandler: answerNoRequest,
    // There are no schemas; saying so spares the start the loading of their compilers.
    schemaController: { compilersFactory: { buildValidator: noSchemas, buildSerializer: noSchemas } },
  });
  shareConnections(app.server, mostConnections);
  return app;
}

function noSchemas(): () => never {
  return () => {
    throw new Error("no route has a schema");
  };
}

/** Bytes that are no HTTP, or that come too slowly to wait for. */
function answerNoRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, code] =
    error.code === "ERR_HTTP_REQUEST_TIMEOUT"
      ? ["408 Request Timeout", "RequestTimeoutException"]
      : error.code === "HPE_HEADER_OVERFLOW"
        ? ["431 Request Header Fields Too Large", "InvalidRequestException"]
        : ["400 Bad Request", "InvalidRequestException"];
  const body = JSON.stringify({ Message: `This was not a readable request (${error.message}).` });
  const head = [`HTTP/1.1 ${status}`, "content-type: application/json", `x-amzn-errortype: ${code}`];
  socket.end(
    `${[...head, `content-length: ${Buffer.byteLength(body)}`, "connection: close"].join("\r\n")}\r\n\r\n${body}`,
  );
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ port, host, backlog: 1_024 }, () => {
      server.off("error", reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}
