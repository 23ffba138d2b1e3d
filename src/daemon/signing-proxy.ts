import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import { FluoroscopeError } from "../errors.ts";
import { ForwardError } from "../forward/way-out.ts";
import type { XrayApi } from "../forward/xray-api.ts";
import { sendError } from "./send-error.ts";

/** The whole of a forwarded call. SDKs give up sooner; large questions to a store may take a while. */
const timeoutMs = 30_000;

/** Asks the X-Ray API what the client asked, signed with the daemon's credentials, and answers what it answers. */
export async function proxy(
  request: IncomingMessage,
  response: ServerResponse,
  { api, body }: { readonly api: XrayApi; readonly body: Buffer },
): Promise<void> {
  const clientGone = new AbortController();
  response.once("close", () => clientGone.abort());
  try {
    const answer = await api.request({
      method: request.method!,
      path: request.url!,
      headers: forwardedHeaders(request),
      body,
      signal: clientGone.signal,
      timeoutMs,
    });
    response.writeHead(answer.status, { ...answerHeaders(answer.headers), ...lengthOf(request, answer.body) });
    response.end(answer.body);
  } catch (error) {
    if (response.destroyed) return;
    if (!(error instanceof FluoroscopeError)) throw error;
    const isLate = error instanceof ForwardError && error.kind === "timeout";
    const [status, code] = isLate
      ? ([504, "GatewayTimeoutException"] as const)
      : ([502, "BadGatewayException"] as const);
    sendError(response, status, code, error.message);
  }
}

/** As they came, with the client's address added, as proxies do. What must not be passed on, `XrayApi` leaves out. */
function forwardedHeaders({ headers, socket }: IncomingMessage): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) result[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  // Who does not say what it is must not seem to be us: the other side knows X-Ray's Node SDK by its silence.
  result["user-agent"] ??= "";
  result["x-forwarded-for"] = [result["x-forwarded-for"], socket.remoteAddress].filter(Boolean).join(", ");
  return result;
}

/** They belong to the connection to the API, or bind browsers to its name. */
const notPassedOn = new Set([
  "alt-svc",
  "connection",
  "content-length",
  "keep-alive",
  "proxy-authenticate",
  "proxy-connection",
  "strict-transport-security",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

function answerHeaders(headers: IncomingHttpHeaders): OutgoingHttpHeaders {
  const ofConnection = (headers.connection ?? "")
    .toLowerCase()
    .split(",")
    .map((name) => name.trim());
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !notPassedOn.has(name) && !ofConnection.includes(name)),
  );
}

function lengthOf({ method }: IncomingMessage, body: Buffer): OutgoingHttpHeaders {
  return method === "HEAD" ? {} : { "content-length": body.length };
}
