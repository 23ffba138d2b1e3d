import { type FileHandle, open } from "node:fs/promises";
import { type CallResult, call } from "../call/call.ts";
import { headerValue, type ResponseHead } from "../call/exchange.ts";
import { phasesOf } from "../call/phases.ts";
import { FluoroscopeError } from "../errors.ts";
import { endpointOf, findServer, type Server } from "./ask-server.ts";
import type { CallOrder } from "./commands/call.ts";
import { exitCodes } from "./exit-codes.ts";
import { interruptible } from "./interruptible.ts";
import type { Terminal } from "./terminal.ts";

/** Calls a URL once, and prints the body, a drawing, or everything as JSON. */
export async function callOnce(order: CallOrder, terminal: Terminal): Promise<number> {
  const { flags, output } = order;
  const endpoint = endpointOf(flags.endpoint, terminal.environment);
  const { signal, wasInterrupted, release } = interruptible(terminal.outputClosed);
  const sink = await openSink(order, terminal);
  const result = await call(order.url, {
    ...order.options,
    signal,
    onHead: (head) => sink.head(head),
    ...(sink.body && { onBody: sink.body }),
  });
  await sink.close();

  let exitCode = exitCodeOf(result, order);
  if (wasInterrupted()) exitCode = exitCodes.interrupted;
  else if (output === "body") sayFailure(result, order, terminal);
  else {
    const show = output === "json" ? printJson : printDrawing;
    const isWhole = await show(result, { order, terminal, signal, server: await findServer(endpoint), endpoint });
    if (exitCode === exitCodes.ok && !isWhole) exitCode = exitCodes.incomplete;
    if (wasInterrupted()) exitCode = exitCodes.interrupted;
  }
  release();
  if (order.writeOut !== undefined) {
    const { writeOut } = await import("./write-out.ts");
    await terminal.write(writeOut(order.writeOut, result, exitCode));
  }
  return exitCode;
}

function exitCodeOf({ failure, head }: CallResult, { flags }: CallOrder): number {
  if (failure) return exitCodes.unreachable;
  return flags.fail && (head?.status ?? 0) >= 400 ? exitCodes.httpError : exitCodes.ok;
}

function sayFailure(result: CallResult, { flags, url }: CallOrder, terminal: Terminal): void {
  if (flags.silent && !flags.showError) return;
  const { failure, head, trace } = result;
  if (failure) {
    // The reader of our output has gone, and knows it.
    if (!terminal.outputClosed.aborted) terminal.remark(`fluoroscope: ${failure.message}`);
  } else if (flags.fail && (head?.status ?? 0) >= 400) {
    terminal.remark(`fluoroscope: ${url} answered ${head?.status}.`);
  }
  if (trace.problem) terminal.remark(unrecorded(trace.problem));
}

const unrecorded = (problem: Error): string =>
  `fluoroscope: The call was made, but could not be recorded: ${problem.message}`;

interface Sink {
  head(head: ResponseHead): void;
  /** Absent: the body is collected by the call. */
  readonly body?: (chunk: Uint8Array) => Promise<void>;
  close(): Promise<void>;
}

/** Where the response goes: to standard output, to a file, or nowhere but into the result. */
async function openSink({ flags, output }: CallOrder, terminal: Terminal): Promise<Sink> {
  const path = flags.output === "-" ? undefined : flags.output;
  const file = path === undefined ? undefined : await openFile(path);
  const isShown = output === "body" || (output === "drawing" && (flags.include || flags.output === "-"));
  const toStdout = file === undefined && isShown;
  let isLeftOut = false;
  const write = async (bytes: Uint8Array | string): Promise<void> => {
    if (file) await file.write(typeof bytes === "string" ? Buffer.from(bytes) : bytes);
    else await terminal.write(bytes);
  };
  let written: Promise<void> = Promise.resolve();
  return {
    head(head) {
      isLeftOut = (flags.fail ?? false) && head.status >= 400;
      if ((flags.include || flags.head) && (toStdout || file)) written = write(headText(head));
    },
    ...((file || toStdout) && {
      body: async (chunk: Uint8Array) => {
        await written;
        if (!isLeftOut) await write(chunk);
      },
    }),
    async close() {
      await written;
      await file?.close();
      if (output === "drawing" && toStdout) terminal.print("");
    },
  };
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    return await open(path, "w");
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? String(error.code) : String(error);
    const message = `The file ${path} cannot be written (${reason}). Choose another one for -o.`;
    throw new FluoroscopeError("FLUORO_BAD_CONFIG", message, { cause: error });
  }
}

function headText({ httpVersion, status, statusText, headers }: ResponseHead): string {
  const lines = headers.map(([name, value]) => `${name}: ${value}`);
  return `${[`HTTP/${httpVersion} ${status} ${statusText}`, ...lines].join("\r\n")}\r\n\r\n`;
}

interface Scene {
  readonly order: CallOrder;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
  readonly server: Server | undefined;
  readonly endpoint: string;
}

/** Answers whether the trace was whole, or nobody was there to ask. */
async function printDrawing(
  result: CallResult,
  { order, terminal, signal, server, endpoint }: Scene,
): Promise<boolean> {
  const { flags } = order;
  const style = await terminal.style(flags);
  const { paint } = style;
  const { drawCall, previewBody } = await import("./draw-call.ts");
  const type = headerValue(result.head?.headers ?? [], "content-type");
  terminal.print([...drawCall(result, style), ...previewBody(result.body, type, style), ""]);

  const { drawFact, drawTrace, fetchTraceGraph, traceLink } = await import("./trace-report.ts");
  if (result.trace.problem) terminal.remark(unrecorded(result.trace.problem));
  const sayFailed = (): void => {
    if (result.failure) terminal.print(drawFact("Why", result.failure.message, style, paint.fault));
  };
  if (result.trace.documents.length === 0 || result.trace.problem) {
    sayFailed();
    if (!result.trace.problem) terminal.print(paint.dim("This trace is not sampled, so there is no map of it."));
    return true;
  }
  if (server === undefined) {
    sayFailed();
    const text = `no fluoroscope at ${endpoint}; "fluoroscope up" starts one.`;
    terminal.print(drawFact("Map", text, style, paint.bold));
    return true;
  }
  const { waitForTrace } = await import("./wait-for-trace.ts");
  const { describeProgress } = await import("./describe-progress.ts");
  const { found, isWhole } = await waitForTrace(server, result.trace.id, {
    limitMs: flags.wait * 1_000,
    segmentId: result.trace.segmentId,
    signal,
    onProgress: (so) => terminal.progress(describeProgress(so?.trace, style)),
  });
  terminal.progress("");
  if (found === undefined) {
    sayFailed();
    const daemon = flags.daemonAddress ?? (terminal.environment.AWS_XRAY_DAEMON_ADDRESS || "127.0.0.1:2000");
    const text = `the trace did not arrive at ${endpoint} within ${flags.wait} s. Is the daemon at ${daemon} the same fluoroscope?`;
    terminal.print(drawFact("Map", text, style, paint.bold));
    return false;
  }
  const services = await fetchTraceGraph(server, result.trace.id);
  // The phases of our own call are drawn above.
  const omit = (segment: { readonly parentId?: string; readonly namespace?: string }): boolean =>
    segment.parentId === result.trace.callId && segment.namespace === undefined;
  terminal.print([
    ...drawTrace(found.trace, services, { style, omit, ...(result.failure && { why: result.failure.message }) }),
    ...drawFact("Open", traceLink(server, result.trace.id), style, paint.bold),
  ]);
  return isWhole;
}

async function printJson(result: CallResult, { order, terminal, signal, server }: Scene): Promise<boolean> {
  const { failure, trace, head } = result;
  const hops = result.hops.map((hop) => ({
    method: hop.request.method,
    url: hop.request.url.href,
    status: hop.head?.status,
    ms: round(hop.marks.end - hop.marks.start),
    phases: phasesOf(hop.marks, hop.way).map(({ name, startMs, endMs }) => ({ name, ms: round(endMs - startMs) })),
    remote: hop.remote,
  }));
  const answer = {
    url: result.hops.at(-1)!.request.url.href,
    method: result.hops.at(-1)!.request.method,
    status: head?.status,
    httpVersion: head?.httpVersion,
    headers: head?.headers,
    body: textOf(result.body),
    bodyBytes: result.bodyBytes,
    ms: round(result.endMs - result.startMs),
    hops,
    failure: failure && { kind: failure.kind, code: failure.code, phase: failure.phase, message: failure.message },
    trace: {
      id: trace.id,
      segmentId: trace.segmentId,
      callId: trace.callId,
      isRecorded: trace.documents.length > 0 && !trace.problem,
    },
  };
  const isAwaited = server !== undefined && answer.trace.isRecorded;
  const rest = isAwaited ? await gather(server, result, { order, terminal, signal }) : undefined;
  const { isWhole = true, ...known } = rest ?? {};
  terminal.print(JSON.stringify({ ...answer, ...(rest && { isWhole, ...known }) }, undefined, 2));
  return isWhole;
}

/** What the server knows of the trace once it is whole. */
async function gather(
  server: Server,
  { trace }: CallResult,
  { order, terminal, signal }: Pick<Scene, "order" | "terminal" | "signal">,
) {
  const { waitForTrace } = await import("./wait-for-trace.ts");
  const { analyseTrace, fetchTraceGraph, traceLink } = await import("./trace-report.ts");
  const { found, isWhole } = await waitForTrace(server, trace.id, {
    limitMs: order.flags.wait * 1_000,
    segmentId: trace.segmentId,
    signal,
  });
  const link = traceLink(server, trace.id);
  if (found === undefined) return { isWhole, link };
  return {
    isWhole,
    link,
    ...analyseTrace(found.trace, { style: await terminal.style(order.flags) }),
    services: await fetchTraceGraph(server, trace.id),
    documents: found.documents.map((document): unknown => JSON.parse(document)),
  };
}

const round = (ms: number): number => Math.round(ms * 1_000) / 1_000;

/** A body as text where it is text, else in base64. */
function textOf(body: Uint8Array): string | { base64: string } {
  try {
    return new TextDecoder("utf8", { fatal: true }).decode(body);
  } catch {
    // Not UTF-8: JSON cannot hold it as it is.
    return { base64: Buffer.from(body).toString("base64") };
  }
}
