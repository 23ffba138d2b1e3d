import { keepHeapSmall } from "../../daemon/keep-heap-small.ts";
import type { ListenAddress } from "../../daemon/listen-address.ts";
import { readDaemonConfig } from "../../daemon/read-daemon-config.ts";
import type { Terminal } from "../terminal.ts";
import { version } from "../version.ts";

/** The original's: 1 for what cannot be started, 2 (which `readDaemonConfig` answers) for flags that cannot be read. */
const codes = { ok: 0, notStarted: 1 } as const;

/**
 * `fluoroscope daemon`: takes the place of X-Ray's daemon, until it is told to stop. Its flags are the original's, so
 * its command line is read as Go reads it.
 */
export async function daemon(words: readonly string[], terminal: Terminal): Promise<number> {
  const { environment } = terminal;
  const order = await readDaemonConfig({ words, environment });
  switch (order.kind) {
    case "exit":
      if (order.stderr !== "") terminal.remark(order.stderr);
      terminal.print(order.stdout);
      return order.code;
    case "version":
      terminal.print(`fluoroscope X-Ray daemon version: ${version()}`);
      return codes.ok;
    case "mistake":
      await sayMistake(order.error.message, order.logPath, terminal);
      return codes.notStarted;
    case "healthcheck":
      return sayHealth(order.config.tcpAddress, terminal);
    case "run": {
      keepHeapSmall();
      const { runUntilStopped } = await import("../run-until-stopped.ts");
      const readAgain = (): ReturnType<typeof readDaemonConfig> => readDaemonConfig({ words, environment });
      const { logPath } = order.config;
      return runUntilStopped({ order, readAgain, environment, version: version() }).then(
        () => codes.ok,
        (error: unknown) => {
          // The log has it; but where a file has the log, whoever started this looks here.
          if (logPath !== undefined) terminal.remark(`fluoroscope: ${error instanceof Error ? error.message : error}`);
          return codes.notStarted;
        },
      );
    }
    default:
      return order satisfies never;
  }
}

/** As the original: in the log's form to standard error, and to the file that the flags name for the log. */
async function sayMistake(text: string, logPath: string | undefined, terminal: Terminal): Promise<void> {
  const { createDaemonLog } = await import("../../daemon/daemon-log.ts");
  const writeOut = (line: string): void => terminal.remark(line.trimEnd());
  const how = { logLevel: "prod", logRotation: true, logFormat: "text" } as const;
  createDaemonLog({ ...how, logPath: undefined }, { writeOut }).error({ text }, "not started");
  if (logPath === undefined) return;
  const file = createDaemonLog({ ...how, logPath }, { writeOut: () => undefined, writeError: writeOut });
  file.error({ text }, "not started");
  file.close();
}

/** For containers without a shell, whose health only a program of their own can ask about. */
async function sayHealth(address: ListenAddress, terminal: Terminal): Promise<number> {
  const [{ checkHealth }, { createHttpClient }] = await Promise.all([
    import("../../daemon/check-health.ts"),
    import("../../forward/http-client.ts"),
  ]);
  const http = createHttpClient();
  const { isHealthy, text } = await checkHealth(address, http);
  await http.close();
  if (isHealthy) terminal.print(text);
  else terminal.remark(text);
  return isHealthy ? codes.ok : codes.notStarted;
}
