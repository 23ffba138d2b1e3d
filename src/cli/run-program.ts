import { askServer, endpointOf, findServer, keyVariable } from "../ask/ask-server.ts";
import { pageLink } from "../ask/console-links.ts";
import type { LookOptions, ServerOptions } from "./common-options.ts";
import { followTraces } from "./follow-traces.ts";
import { startProgram } from "./start-program.ts";
import { drawSummaryLine } from "./term/draw-summaries.ts";
import { count } from "./term/format.ts";
import type { Terminal } from "./terminal.ts";
import { type TracingPlace, tracingEnvironment } from "./tracing-environment.ts";

interface RunOrder extends LookOptions, ServerOptions {
  readonly program: string;
  readonly words: readonly string[];
  readonly sdk?: boolean;
  readonly run?: string;
  readonly quiet?: boolean;
}

/** What a program sends when it ends gets this long to arrive and to settle. */
const lastTracesMs = 1_500;

/**
 * Runs a program in an environment that lets it send its traces here, and shows them on standard error as they come. Starts
 * a fluoroscope for as long as the program runs where none answers. Answers the program's exit code.
 */
export async function runProgram(order: RunOrder, terminal: Terminal): Promise<number> {
  const { environment } = terminal;
  const place = await findPlace(endpointOf(order.endpoint, environment), terminal);
  const ended = new AbortController();
  const style = await terminal.style(order);
  let shown = 0;
  const following = order.quiet
    ? Promise.resolve()
    : followTraces({
        endpoint: place.endpoint,
        key: environment[keyVariable],
        signal: ended.signal,
        onTrace: (summary) => {
          shown += 1;
          // Standard output belongs to the program.
          terminal.remark(drawSummaryLine(summary, place.endpoint, style));
        },
        onRemark: (sentence) => terminal.remark(`fluoroscope: ${sentence}`),
      });
  // A stream that breaks is no reason to end the program.
  const followed = following.catch((error: unknown) =>
    terminal.remark(`fluoroscope: ${error instanceof Error ? error.message : error}`),
  );
  try {
    const env = {
      ...environment,
      ...tracingEnvironment(place, environment, { usesSdk: order.sdk ?? false }),
      ...(order.run !== undefined && { FLUOROSCOPE_RUN: order.run }),
    };
    const { code, message } = await startProgram(order.program, order.words, env);
    if (message !== undefined) terminal.remark(`fluoroscope: ${message}`);
    else if (!order.quiet) {
      await new Promise((resolve) => setTimeout(resolve, lastTracesMs));
      ended.abort();
      await followed;
      const keeps = place.isOurs ? '"fluoroscope up" shows them again' : pageLink(place, "traces");
      terminal.remark(`fluoroscope: ${count(shown, "trace")}; ${keeps}.`);
    }
    return code;
  } finally {
    ended.abort();
    await place.close();
  }
}

interface Place extends TracingPlace {
  /** Started here, and for this program alone. */
  readonly isOurs: boolean;
  close(): Promise<void>;
}

async function findPlace(endpoint: string, terminal: Terminal): Promise<Place> {
  const key = terminal.environment[keyVariable];
  const server = await findServer(endpoint, key);
  const { isLoopback } = await import("../xray/trust-caller.ts");
  if (server !== undefined) {
    const status = await server.get<{ readonly addresses: TracingPlace["addresses"] }>("/api/status");
    // `findServer` has had this answer already.
    return { endpoint, addresses: status!.addresses, isOurs: false, close: async () => undefined };
  }
  const { hostname, port } = new URL(endpoint);
  if (!isLoopback(hostname.replace(/^\[(.*)\]$/, "$1"))) {
    // Not ours to start: asking again says why.
    await askServer(endpoint, key).get("/api/status");
  }
  const running = await startUp(port === "" ? "80" : port, terminal);
  terminal.remark(`fluoroscope: Started for this program; the console is at ${running.addresses.http}.`);
  return {
    endpoint: running.addresses.http,
    addresses: running.addresses,
    isOurs: true,
    close: () => running.close(),
  };
}

/** On the port where it was looked for; on any other one where something else is there, as a daemon of AWS's. */
async function startUp(port: string, terminal: Terminal) {
  const [{ up }, { readConfig }, { createLog }] = await Promise.all([
    import("../up.ts"),
    import("../config.ts"),
    import("../log.ts"),
  ]);
  const log = createLog({ format: "text", level: "warn", colour: terminal.isErrorTty });
  const start = (at: string) =>
    up(readConfig({ flags: { port: at }, environment: terminal.environment }).config, {
      log,
      environment: terminal.environment,
    });
  return start(port).catch((error: unknown) => {
    // By its code: the server's part of the program has a class of its own.
    if (error instanceof Error && "code" in error && error.code === "FLUORO_PORT_IN_USE") return start("0");
    throw error;
  });
}
