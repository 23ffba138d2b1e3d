import { endpointOf, findServer, keyVariable } from "../ask/ask-server.ts";
import { type CallResult, call } from "../call/call.ts";
import type { Assertion } from "./assertions.ts";
import { type CallOrder, type CallScene, describeUnrecorded, exitCodeOf } from "./call-order.ts";
import { exitCodes } from "./exit-codes.ts";
import { interruptible } from "./interruptible.ts";
import { openSink } from "./response-sink.ts";
import type { Terminal } from "./terminal.ts";

/** Calls a URL once, and prints the body, a drawing, or everything as JSON. */
export async function callOnce(order: CallOrder, terminal: Terminal): Promise<number> {
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
  if (order.output === "body") {
    if (!wasInterrupted()) sayFailure(result, order, terminal);
  } else if (!wasInterrupted()) {
    const endpoint = endpointOf(order.flags.endpoint, terminal.environment);
    const server = await findServer(endpoint, terminal.environment[keyVariable]);
    const isWhole = await show({ order, result, preview: sink.preview(), terminal, signal, endpoint, server });
    if (exitCode === exitCodes.ok && !isWhole) exitCode = exitCodes.incomplete;
  }
  if (wasInterrupted()) exitCode = exitCodes.interrupted;
  else if (order.flags.assert) exitCode = await sayVerdicts(order.flags.assert, result, { order, exitCode, terminal });
  release();
  if (order.writeOut !== undefined) {
    const { needsTrace, writeOut } = await import("./write-out.ts");
    const known = needsTrace(order.writeOut) ? await askAboutTrace(result, order, terminal) : undefined;
    await terminal.write(writeOut(order.writeOut, result, exitCode, known));
  }
  return exitCode;
}

async function askAboutTrace(result: CallResult, { flags }: CallOrder, terminal: Terminal) {
  const server = await findServer(endpointOf(flags.endpoint, terminal.environment), terminal.environment[keyVariable]);
  if (server === undefined || result.trace.documents.length === 0 || result.trace.problem) return undefined;
  const { traceWords } = await import("./trace-words.ts");
  return traceWords(server, result.trace, flags.wait * 1_000);
}

interface Outcome {
  readonly order: CallOrder;
  readonly exitCode: number;
  readonly terminal: Terminal;
}

/** That the request could not be sent is told by its own code. */
async function sayVerdicts(
  assertions: readonly Assertion[],
  result: CallResult,
  { order, exitCode, terminal }: Outcome,
): Promise<number> {
  const [{ judge }, { callFigures, outcomeOf }, { printVerdicts }] = await Promise.all([
    import("./assertions.ts"),
    import("./call-figures.ts"),
    import("./print-verdicts.ts"),
  ]);
  const outcomes = [outcomeOf(result)];
  const verdicts = judge(assertions, outcomes, callFigures(outcomes, result.endMs - result.startMs));
  await printVerdicts(verdicts, order, terminal);
  return verdicts.every(({ isMet }) => isMet) || exitCode === exitCodes.unreachable ? exitCode : exitCodes.unmet;
}

/** Answers whether the trace was whole, or there was nobody to ask. */
async function show(scene: CallScene): Promise<boolean> {
  const { output } = scene.order;
  if (output === "json" || output === "ndjson") return (await import("./print-json.ts")).printJson(scene);
  if (output !== "drawing" && output !== "body") {
    return (await import("./print-form.ts")).printForm(output, scene);
  }
  return (await import("./print-drawing.ts")).printDrawing(scene);
}

function sayFailure({ failure, head, trace }: CallResult, { flags, url }: CallOrder, terminal: Terminal): void {
  if (flags.silent && !flags.showError) return;
  if (failure) {
    // A reader of our output who has gone knows it.
    if (!terminal.outputClosed.aborted) terminal.remark(`fluoroscope: ${failure.message}`);
  } else if (flags.fail && (head?.status ?? 0) >= 400) {
    terminal.remark(`fluoroscope: ${url} answered ${head?.status}.`);
  }
  if (trace.problem) terminal.remark(describeUnrecorded(trace.problem));
}
