import { Agent } from "node:http";
import { Agent as TlsAgent } from "node:https";
import { performance } from "node:perf_hooks";
import { setTimeout as delay } from "node:timers/promises";
import type { WireService } from "../api/wire.ts";
import { endpointOf, findServer, keyVariable, type Server } from "../ask/ask-server.ts";
import { fetchServiceGraph } from "../ask/fetch-service-graph.ts";
import { buildRequest } from "../call/build-request.ts";
import { call } from "../call/call.ts";
import { emitter } from "../call/emit-segment.ts";
import { judge } from "./assertions.ts";
import { type CallOutcome, callFigures, outcomeOf } from "./call-figures.ts";
import { type CallOrder, exitCodeOf } from "./call-order.ts";
import { exitCodes } from "./exit-codes.ts";
import { interruptible } from "./interruptible.ts";
import { printVerdicts } from "./print-verdicts.ts";
import { drawFigures, drawProgress } from "./term/draw-figures.ts";
import { jsonText } from "./term/json-text.ts";
import type { Terminal } from "./terminal.ts";
import { writeOut } from "./write-out.ts";

/** Calls a URL many times over kept connections, each call a trace of its own, and prints how it went. */
export async function callOften(order: CallOrder, requests: number, terminal: Terminal): Promise<number> {
  const { flags, options, output } = order;
  // A URL that cannot be called is a mistake, not so many failures.
  buildRequest(order.url, options);
  const style = await terminal.style(flags);
  const workers = Math.min(flags.concurrency, requests);
  const keep = { keepAlive: true, maxSockets: workers };
  const agents = { http: new Agent(keep), https: new TlsAgent(keep) };
  const emit = emitter(flags.daemonAddress ?? (terminal.environment.AWS_XRAY_DAEMON_ADDRESS || undefined));
  // The annotation by which a filter finds the traces of this run.
  const run = Math.random().toString(36).slice(2, 10);
  const { signal, wasInterrupted, release } = interruptible(terminal.outputClosed);
  const outcomes: CallOutcome[] = [];
  const startMs = performance.now();
  const figures = () => callFigures(outcomes, performance.now() - startMs);

  let started = 0;
  const work = async (): Promise<void> => {
    while (started < requests && !signal.aborted) {
      started += 1;
      const onBody = (): void => undefined;
      const result = await call(order.url, { ...options, agents, emitter: emit, annotations: { run }, signal, onBody });
      if (signal.aborted) return;
      const outcome = outcomeOf(result);
      outcomes.push(outcome);
      if (output === "ndjson") terminal.print(jsonText({ run, ...outcome }));
      if (order.writeOut !== undefined)
        await terminal.write(writeOut(order.writeOut, result, exitCodeOf(result, order)));
    }
  };
  const ticking = setInterval(() => {
    if (!flags.silent) terminal.progress(drawProgress(figures(), requests, style));
  }, 100);
  await Promise.all(Array.from({ length: workers }, work));
  clearInterval(ticking);
  terminal.progress("");
  agents.http.destroy();
  agents.https.destroy();
  emit.close();

  const known = figures();
  const filter = `annotation.run = "${run}"`;
  const verdicts = judge(flags.assert ?? [], outcomes, known);
  if (output === "json") {
    const assertions = verdicts.map(({ assertion: { text }, isMet, value }) => ({ text, isMet, value }));
    terminal.print(jsonText({ run, filter, ...known, ...(flags.assert && { assertions }) }, 2));
  } else if (!flags.silent && output !== "ndjson") {
    terminal.print(drawFigures(known, outcomes, style));
    const server =
      output === "drawing" && outcomes.length > 0
        ? await findServer(endpointOf(flags.endpoint, terminal.environment), terminal.environment[keyVariable])
        : undefined;
    if (server)
      terminal.print(
        await drawMapOfRun(server, { filter, calls: outcomes.length, waitMs: flags.wait * 1_000, signal }, style),
      );
  }
  await printVerdicts(verdicts, order, terminal);
  release();
  if (wasInterrupted()) return exitCodes.interrupted;
  // Who says what has to be so has said what is good enough.
  if (flags.assert) return verdicts.every(({ isMet }) => isMet) ? exitCodes.ok : exitCodes.unmet;
  if (known.failures.length > 0) return exitCodes.unreachable;
  return flags.fail && known.failed > 0 ? exitCodes.httpError : exitCodes.ok;
}

interface Run {
  readonly filter: string;
  readonly calls: number;
  readonly waitMs: number;
  readonly signal: AbortSignal;
}

const pollMs = 200;
const marginSeconds = 60;

/** The service map of all calls of a run, once all of them are in it or the time is up. */
async function drawMapOfRun(
  server: Server,
  run: Run,
  style: Awaited<ReturnType<Terminal["style"]>>,
): Promise<string[]> {
  const [{ drawMap }, { viewMap }, { spread }, { drawFact, summariseMap }] = await Promise.all([
    import("./term/draw-map.ts"),
    import("./term/map-view.ts"),
    import("./term/fit-text.ts"),
    import("./trace-report.ts"),
  ]);
  const giveUpMs = performance.now() + run.waitMs;
  let services: readonly WireService[] = [];
  let before = "";
  for (;;) {
    const seconds = Date.now() / 1_000;
    const range = { startSeconds: seconds - 3_600, endSeconds: seconds + marginSeconds };
    const graph = await fetchServiceGraph(server, range, run.filter);
    // These traces begin with us: there is nobody in front.
    services = graph.Services.filter(({ Type }) => Type !== "client");
    const so = JSON.stringify(services);
    const mostCalls = Math.max(0, ...services.map(({ SummaryStatistics }) => SummaryStatistics?.TotalCount ?? 0));
    const isComplete = mostCalls >= run.calls && so === before;
    before = so;
    if (isComplete || performance.now() > giveUpMs || run.signal.aborted) break;
    await delay(pollMs);
  }
  const command = drawFact("Again", `fluoroscope map '${run.filter}'`, style, style.paint.bold);
  if (services.length === 0) return ["", `Nothing of these calls has arrived at ${server.endpoint} yet.`, ...command];
  return [
    "",
    spread(
      style.paint.bold("Service map"),
      style.paint.dim(`these calls, p95  ${summariseMap(services)}`),
      style.width,
    ),
    ...drawMap(viewMap(services, style.glyphs), style),
    "",
    ...command,
  ];
}
