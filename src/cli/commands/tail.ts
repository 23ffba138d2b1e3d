import type { Command } from "commander";
import type { WireTraceSummary } from "../../api/wire.ts";
import { endpointOf, keyVariable } from "../../ask/ask-server.ts";
import {
  addHelpEnd,
  addLookOptions,
  addServerOptions,
  type LookOptions,
  type ServerOptions,
  sayFilterMistake,
  wholeNumber,
} from "../common-options.ts";
import { exitCodes } from "../exit-codes.ts";
import { followTraces } from "../follow-traces.ts";
import { interruptible } from "../interruptible.ts";
import { drawSummaryLine } from "../term/draw-summaries.ts";
import { jsonText } from "../term/json-text.ts";
import type { Terminal } from "../terminal.ts";

interface Options extends LookOptions, ServerOptions {
  readonly limit?: number;
  readonly ndjson?: boolean;
}

/** `fluoroscope tail`: each trace on a line as soon as it has settled, all or those that match a filter. */
export function define(command: Command): (terminal: Terminal) => Promise<number> {
  command
    .argument("[filter]", "X-Ray filter expression")
    .option("--limit <number>", "end after so many traces", wholeNumber("--limit"))
    .option("--ndjson", "the summaries as X-Ray's API answers them, one a line");
  addLookOptions(addServerOptions(command));
  addHelpEnd(
    command,
    ["fluoroscope tail", "fluoroscope tail 'fault OR responsetime > 1' --ndjson | jq .Id"],
    [exitCodes.ok, exitCodes.usage, exitCodes.unreachable, exitCodes.interrupted],
  );
  return async (terminal) => {
    const options = command.opts<Options>();
    const [filter] = command.args;
    const endpoint = endpointOf(options.endpoint, terminal.environment);
    const style = await terminal.style(options);
    const { signal, wasInterrupted, release } = interruptible(terminal.outputClosed);
    const enough = new AbortController();
    let shown = 0;
    const show = (summary: WireTraceSummary): void => {
      if (enough.signal.aborted) return;
      terminal.print(options.ndjson ? jsonText(summary) : drawSummaryLine(summary, endpoint, style));
      shown += 1;
      if (shown === options.limit) enough.abort();
    };
    const following = {
      endpoint,
      key: terminal.environment[keyVariable],
      filter,
      signal: AbortSignal.any([signal, enough.signal]),
      onTrace: show,
      onRemark: (sentence: string) => terminal.remark(`fluoroscope: ${sentence}`),
    };
    try {
      terminal.progress("Waiting for traces  (Ctrl-C ends)");
      await followTraces(following);
    } catch (error) {
      return sayFilterMistake(error, filter, terminal);
    } finally {
      terminal.progress("");
      release();
    }
    return wasInterrupted() ? exitCodes.interrupted : exitCodes.ok;
  };
}
