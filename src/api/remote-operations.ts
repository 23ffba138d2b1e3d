import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { readApiError } from "../forward/api-error.ts";
import type { HttpAnswer } from "../forward/http-client.ts";
import { cameBack, viaHeader } from "../forward/returned-documents.ts";
import { ForwardError } from "../forward/way-out.ts";
import type { XrayApi } from "../forward/xray-api.ts";
import { AwsError, unknownOperation } from "./aws-errors.ts";
import type { Api } from "./operation.ts";
import { getServiceGraph } from "./operations/get-service-graph.ts";
import { getTimeSeriesServiceStatistics } from "./operations/get-time-series-service-statistics.ts";
import { readBody } from "./read-body.ts";
import { serveOperation } from "./serve-operation.ts";

/** X-Ray's API somewhere else, which answers in the place of this one. */
export interface Remote {
  readonly api: XrayApi;
  /** Whether a fluoroscope answers there, which knows our extensions. */
  isFluoroscope(): Promise<boolean>;
}

/** Those that take our member `FilterExpression`, which AWS would not see. */
const extended = [getServiceGraph, getTimeSeriesServiceStatistics];

const timeoutMs = 30_000;
const maxAnswerBytes = 64 * 2 ** 20;

/**
 * Passes every operation on as it is and answers what the other side answers: those we do not know as well. Only what AWS
 * does not understand is answered here, from the traces that it has. Bodies come as bytes.
 */
export function addRemoteOperations(app: FastifyInstance, remote: Remote, api: Api): void {
  app.post("*", async (request, reply) => {
    const [path] = request.url.split("?");
    if (path?.startsWith("/api/")) throw unknownOperation(request.method, request.url);
    const via = request.headers[viaHeader]?.toString();
    if (api.returned?.hasPassed(via)) throw new AwsError(508, "LoopDetectedException", cameBack.message);
    const bytes = request.body instanceof Buffer ? request.body : Buffer.alloc(0);
    const ours = extended.find((operation) => operation.path === path);
    if (ours !== undefined && bytes.includes("FilterExpression") && !(await remote.isFluoroscope())) {
      const body = await readBody(bytes);
      if (hasFilter(body)) return serveOperation(ours, body, api, { request, reply });
    }
    return send(reply, await ask(remote.api, request, bytes));
  });
}

function hasFilter(body: unknown): boolean {
  if (typeof body !== "object" || body === null || !("FilterExpression" in body)) return false;
  return typeof body.FilterExpression !== "string" || body.FilterExpression.trim() !== "";
}

async function ask(api: XrayApi, { method, url, headers }: FastifyRequest, body: Buffer): Promise<HttpAnswer> {
  const passedOn: Record<string, string> = { "content-type": "application/json" };
  for (const name of ["accept", "user-agent", "x-amzn-xray-timestamp", viaHeader]) {
    const value = headers[name];
    if (typeof value === "string") passedOn[name] = value;
  }
  try {
    return await api.request({ method, path: url, headers: passedOn, body, timeoutMs, maxAnswerBytes });
  } catch (error) {
    if (!(error instanceof ForwardError)) throw error;
    const isLate = error.kind === "timeout";
    throw isLate
      ? new AwsError(504, "GatewayTimeoutException", error.message)
      : new AwsError(502, "BadGatewayException", error.message);
  }
}

function send(reply: FastifyReply, answer: HttpAnswer): FastifyReply {
  const { status, headers, body } = answer;
  reply.code(status).header("cache-control", "no-store");
  for (const name of ["content-type", "x-amzn-errortype", "x-amzn-requestid"]) {
    if (headers[name] !== undefined) reply.header(name, headers[name]);
  }
  if (status < 400) return reply.send(body);
  const { code, message } = readApiError(answer);
  if (code !== "") reply.header("x-amzn-errortype", code);
  // X-Ray writes `message`, its clients read either; ours know the one spelling.
  return body.includes('"Message"') ? reply.send(body) : reply.type("application/json").send({ Message: message });
}
