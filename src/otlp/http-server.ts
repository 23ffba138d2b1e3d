import { createServer, type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse } from "node:http";
import { endConnections } from "../end-connections.ts";
import { shareConnections } from "../xray/fair-share.ts";
import { distrust } from "../xray/trust-caller.ts";
import { crossOrigin, foreignOrigin } from "./cross-origin.ts";
import type { OtlpIntake, Taken } from "./intake.ts";
import { listenOn, type OtlpServer, type OtlpServerOptions } from "./otlp-server.ts";
import { type HttpBody, maxBodyBytes, readHttpBody } from "./read-http-body.ts";
import type { Encoding } from "./translate.ts";
import { type Failure, grpcStatus, writeFailure, writeResponse } from "./write-answer.ts";

/** What is sent back. */
interface Reply {
  readonly status: number;
  readonly encoding: Encoding;
  readonly body: Uint8Array;
  readonly headers?: OutgoingHttpHeaders | undefined;
}

const path = "/v1/traces";
const contentTypes: Readonly<Record<Encoding, string>> = {
  protobuf: "application/x-protobuf",
  json: "application/json",
};
const mostConnections = 512;
/** A stop waits this long for requests under way. */
const patienceMs = 5_000;

/** Makes the server of OTLP over HTTP; nothing listens yet. */
export function createOtlpHttpServer({ host, intake, admit }: OtlpServerOptions): OtlpServer {
  // Whoever sends or reads slowly is given up on.
  const limits = { headersTimeout: 10_000, requestTimeout: 30_000, connectionsCheckingInterval: 2_000 };
  const server = createServer({ ...limits, keepAliveTimeout: 65_000 }, (request, response) => {
    answer(request, { host, intake, admit })
      .then((reply) => send(request, response, reply))
      // The sender broke off: nobody is there to be told.
      .catch(() => response.destroy());
  });
  shareConnections(server, mostConnections);
  const end = endConnections(server);
  return { listen: (port) => listenOn(server, port, host), close: () => end(patienceMs) };
}

async function answer(request: IncomingMessage, { host, intake, admit }: OtlpServerOptions): Promise<Reply> {
  const { headers, method, url = "/" } = request;
  const encoding = encodingOf(headers["content-type"]);
  const fail = (status: number, code: number, message: string, more?: OutgoingHttpHeaders): Reply =>
    failure(status, { code, message }, encoding ?? "json", more);

  const reason = distrust({ host: headers.host, origin: foreignOrigin(headers.origin) }, host);
  if (reason !== undefined) return fail(403, grpcStatus.permissionDenied, reason);
  if (url.split("?")[0] !== path) return fail(404, grpcStatus.notFound, whyNotFound(url));
  if (method === "OPTIONS") return { status: 204, encoding: "json", body: nothing };
  if (method !== "POST")
    return fail(405, grpcStatus.unimplemented, `Send spans by POST to ${path}.`, { allow: "POST" });
  const refusal = admit?.(headers.authorization);
  if (refusal?.status === 401) {
    return fail(401, grpcStatus.unauthenticated, refusal.message, { "www-authenticate": 'Basic realm="fluoroscope"' });
  }
  if (refusal !== undefined) return fail(403, grpcStatus.permissionDenied, refusal.message);
  if (encoding === undefined) {
    const message = `The content type must be ${contentTypes.protobuf} or ${contentTypes.json}.`;
    return fail(415, grpcStatus.invalidArgument, message);
  }
  const compression = (headers["content-encoding"] ?? "identity").trim().toLowerCase();
  if (compression !== "identity" && compression !== "gzip") {
    const message = `The content encoding ${compression} is not known here: gzip and identity are.`;
    return fail(415, grpcStatus.invalidArgument, message, { "accept-encoding": "gzip, identity" });
  }
  return readHttpBody(request, { intake, isGzip: compression === "gzip" }, (body) =>
    answerBody(body, encoding, intake),
  );
}

async function answerBody(body: HttpBody, encoding: Encoding, intake: OtlpIntake): Promise<Reply> {
  switch (body.kind) {
    case "body":
      return replyTo(await intake.take(body.bytes, encoding, "otlp-http"), encoding);
    case "full":
      return replyTo(intake.turnAway(), encoding);
    case "notGzip": {
      const message = `The body is not the gzip that it says it is: ${body.reason}.`;
      return failure(400, { code: grpcStatus.invalidArgument, message }, encoding);
    }
    case "tooLarge": {
      const message = `A request may have ${maxBodyBytes} bytes, decompressed too. Send smaller batches.`;
      return failure(413, { code: grpcStatus.invalidArgument, message }, encoding);
    }
  }
}

function replyTo(taken: Taken, encoding: Encoding): Reply {
  switch (taken.kind) {
    case "taken":
      return { status: 200, encoding, body: writeResponse(taken, encoding) };
    case "undecodable":
      return failure(400, { code: grpcStatus.invalidArgument, message: taken.message }, encoding);
    case "full":
    case "failed": {
      const isFull = taken.kind === "full";
      const code = isFull ? grpcStatus.resourceExhausted : grpcStatus.unavailable;
      const told: Failure = { code, message: taken.message, retrySeconds: taken.retrySeconds };
      return failure(isFull ? 429 : 503, told, encoding, { "retry-after": String(taken.retrySeconds) });
    }
  }
}

function failure(status: number, told: Failure, encoding: Encoding, headers?: OutgoingHttpHeaders): Reply {
  return { status, encoding, body: writeFailure(told, encoding), headers };
}

function send(request: IncomingMessage, response: ServerResponse, { status, encoding, body, headers }: Reply): void {
  response.writeHead(status, {
    "x-content-type-options": "nosniff",
    ...(status !== 204 && { "content-type": contentTypes[encoding], "content-length": String(body.length) }),
    ...(status !== 403 && crossOrigin(request.headers.origin)),
    ...headers,
  });
  response.end(body);
  // What nobody wanted to read is still to be taken off the connection, or the sender would not read the answer.
  request.resume();
}

const nothing = new Uint8Array();

function encodingOf(contentType = ""): Encoding | undefined {
  const type = contentType.split(";")[0]!.trim().toLowerCase();
  if (type === contentTypes.protobuf) return "protobuf";
  return type === contentTypes.json ? "json" : undefined;
}

function whyNotFound(url: string): string {
  const signal = /^\/v1(?:development)?\/(metrics|logs|profiles)/.exec(url)?.[1];
  if (signal === undefined) return `Spans are taken at ${path} alone.`;
  return `Spans are taken here, ${signal} are not. Send these elsewhere, or nowhere (OTEL_${signal.toUpperCase()}_EXPORTER=none).`;
}
