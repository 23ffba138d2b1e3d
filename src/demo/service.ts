import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Emitter, emitter } from "../call/emit-segment.ts";
import { openSegment, type SegmentRecorder } from "../call/segment-recorder.ts";
import type { Log } from "../log.ts";
import { parseTraceHeader } from "../xray/trace-header.ts";
import { parseTraceparent } from "../xray/traceparent.ts";

/** A request that a service is working on, with the segment that records the work. */
export interface Visit {
  readonly segment: SegmentRecorder;
  /** Whether anyone is to hear of it. */
  readonly isSampled: boolean;
  /** Other people's parts of the trace header. */
  readonly extra: readonly string[];
  readonly url: URL;
  readonly cookies: ReadonlyMap<string, string>;
}

/** What goes back: a status and something to be written as JSON. */
export interface Reply {
  readonly status: number;
  readonly body: unknown;
}

/** A service that runs: where it is and how to end it. */
export interface Service {
  readonly name: string;
  readonly url: string;
  close(): Promise<void>;
}

export interface ServiceOptions {
  readonly name: string;
  readonly daemonAddress: string;
  readonly log: Log;
  readonly answer: (visit: Visit) => Promise<Reply>;
}

/** Work that takes longer than this is told of while it runs. */
const tellAfterMs = 1_000;

/**
 * Starts a traced HTTP service on a free loopback port. A request that carries a trace is taken into it; the segment is
 * sent when the answer is out, and once before that where the work takes long.
 */
export async function startService({ name, daemonAddress, log, answer }: ServiceOptions): Promise<Service> {
  const daemon = emitter(daemonAddress);
  const server = createServer(async (request, response) => {
    const visit = readVisit(name, request);
    const { segment, isSampled } = visit;
    const send = isSampled ? () => report(segment, daemon, log) : async () => {};
    const tell = setTimeout(send, tellAfterMs).unref();
    response.setHeader("X-Amzn-Trace-Id", `Root=${segment.traceId};Sampled=${isSampled ? 1 : 0}`);
    const { status, body } = await answerOrFail(answer, visit, log);
    const text = `${JSON.stringify(body)}\n`;
    writeReply(response, status, text);
    clearTimeout(tell);
    segment.close({ status, contentLength: Buffer.byteLength(text) });
    await send();
  });
  const url = await listen(server);
  log.debug({ service: name, url }, "demo service listens");
  return {
    name,
    url,
    async close() {
      await closeServer(server);
      daemon.close();
    },
  };
}

/** Listens on a free loopback port and says where. */
export async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Takes no more requests and ends when the running ones are answered. */
export async function closeServer(server: Server): Promise<void> {
  if (!server.listening) return;
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
}

export function writeReply(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(text) });
  response.end(text);
}

/** Reads a request and opens its segment, in the trace that came with it or in a new one. */
function readVisit(name: string, request: IncomingMessage): Visit {
  const header = parseTraceHeader(request.headers["x-amzn-trace-id"]?.toString());
  const parent = header.root ? undefined : parseTraceparent(request.headers.traceparent?.toString());
  const traceId = header.root ?? parent?.traceId;
  const parentId = header.parent ?? parent?.parentId;
  const url = new URL(request.url ?? "/", `http://${request.headers.host}`);
  const cookies = readCookies(request.headers.cookie ?? "");
  const customer = cookies.get("customer");
  const agent = request.headers["user-agent"];
  const segment = openSegment({
    name,
    ...(traceId && { traceId }),
    ...(parentId && { parentId }),
    ...(customer && { user: `customer-${customer}` }),
    http: {
      request: {
        method: request.method ?? "GET",
        url: url.href,
        client_ip: request.socket.remoteAddress ?? "127.0.0.1",
        ...(agent && { user_agent: agent }),
      },
    },
  });
  request.resume();
  const isSampled = header.sampled !== "0" && parent?.isSampled !== false;
  return { segment, isSampled, extra: header.extra, url, cookies };
}

function readCookies(text: string): ReadonlyMap<string, string> {
  const pairs = text.split(";").map((pair) => pair.trim().split("="));
  return new Map(pairs.map(([name = "", value = ""]) => [name, value]));
}

async function answerOrFail(answer: ServiceOptions["answer"], visit: Visit, log: Log): Promise<Reply> {
  try {
    return await answer(visit);
  } catch (error) {
    visit.segment.exception(error);
    log.debug({ service: visit.segment.name, error: String(error) }, "demo service failed");
    return { status: 500, body: { message: `${visit.segment.name} failed` } };
  }
}

async function report(segment: SegmentRecorder, daemon: Emitter, log: Log): Promise<void> {
  const error = await daemon.send(segment.document());
  if (error) log.warn({ service: segment.name, error: error.message }, "a segment of the demo shop was not sent");
}
