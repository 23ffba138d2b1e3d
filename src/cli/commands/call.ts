import { type Command, Option } from "commander";
import { type Assertion, readAssertion } from "../assertions.ts";
import type { CallFlags, CallOrder } from "../call-order.ts";
import { addHelpEnd, addLookOptions, addServerOptions, formOption, wholeNumber } from "../common-options.ts";
import { addCurlOptions, collect, readBody, readHeaders, readNamed, readUrl } from "../curl-options.ts";
import { exitCodes } from "../exit-codes.ts";
import type { Terminal } from "../terminal.ts";

/** `fluoroscope call`: calls a URL, traced; alone or many times over. */
export function define(command: Command): (terminal: Terminal) => Promise<number> {
  const data = addCurlOptions(command);
  command
    .option("-n, --requests <number>", "call it this often", wholeNumber("-n"))
    .option("-c, --concurrency <number>", "with -n: so many at a time", wholeNumber("-c"), 1)
    .option("--name <name>", "name of our own segment (default: AWS_XRAY_TRACING_NAME, or call-cli)")
    .option("--run <name>", "annotate our segment with run=<name>, to compare runs by name (default: FLUOROSCOPE_RUN)")
    .option("--daemon-address <address>", "where segments go (default: AWS_XRAY_DAEMON_ADDRESS, or 127.0.0.1:2000)")
    .addOption(
      new Option("--wait <seconds>", "how long to wait for the rest of the trace")
        .default(5)
        .argParser(wholeNumber("--wait", 0)),
    )
    .addOption(
      new Option("--assert <condition>", "what has to be so, as 'p95<300ms' or 'faults==0'; may be repeated").argParser(
        (text: string, before: readonly Assertion[] = []) => [...before, readAssertion(text)],
      ),
    )
    .option("--watch <path>", "call again whenever something below it changes; may be repeated", collect)
    .addOption(formOption("--format <form>").conflicts("ndjson"))
    .option("--ndjson", "all that is known as JSON on one line; with -n a line for each call")
    .option("--draw", "draw even where the output is no terminal")
    .option("--no-draw", "print the body as curl does, even on a terminal");
  addLookOptions(addServerOptions(command));
  addHelpEnd(
    command,
    [
      "fluoroscope call -u http://localhost:3000/orders",
      "fluoroscope call localhost:3000/orders --json '{\"id\": 7}'",
      "fluoroscope call -n 50 -c 5 --assert 'p95<300ms' --assert 'faults==0' -u localhost:3000/orders",
      "fluoroscope call --watch src -u http://localhost:3000/orders",
      "fluoroscope call -s -o /dev/null -w '%{http_code} %{time_total} %{trace_id}\\n' https://example.com/",
    ],
    [
      exitCodes.ok,
      exitCodes.usage,
      exitCodes.unreachable,
      exitCodes.incomplete,
      exitCodes.unmet,
      exitCodes.httpError,
      exitCodes.interrupted,
    ],
  );
  return async (terminal) => {
    const flags = command.opts<CallFlags>();
    const given = data();
    const url = readUrl(flags, command.args, given);
    const body = await readBody(given, terminal);
    const method = flags.request ?? (flags.head ? "HEAD" : undefined);
    const isDrawn = flags.draw ?? (terminal.isOutputTty && !flags.silent);
    const run = flags.run ?? terminal.environment.FLUOROSCOPE_RUN;
    const format = flags.writeOut === undefined ? undefined : await readFormat(flags.writeOut);
    const order: CallOrder = {
      url,
      flags,
      options: {
        headers: readHeaders(flags, given),
        environment: terminal.environment,
        ...(method !== undefined && { method }),
        ...(body && { body }),
        ...(flags.location && { followRedirects: true }),
        ...(flags.maxRedirs !== undefined && { maxRedirects: flags.maxRedirs }),
        ...(flags.insecure && { insecure: true }),
        ...(flags.maxTime && { maxTimeMs: flags.maxTime * 1_000 }),
        ...(flags.connectTimeout && { connectTimeoutMs: flags.connectTimeout * 1_000 }),
        ...(flags.name !== undefined && { name: flags.name }),
        ...(run && { annotations: { run } }),
        ...(flags.daemonAddress !== undefined && { daemonAddress: flags.daemonAddress }),
      },
      ...(format !== undefined && { writeOut: format }),
      output: outputOf(flags, given.wantsJsonOutput, isDrawn),
    };
    if (flags.watch === undefined) return makeCalls(order, terminal);
    const { callOnChange } = await import("../call-on-change.ts");
    return callOnChange(order, { paths: flags.watch, call: () => makeCalls(order, terminal) }, terminal);
  };
}

async function makeCalls(order: CallOrder, terminal: Terminal): Promise<number> {
  const { requests } = order.flags;
  if (requests === undefined) return (await import("../call-once.ts")).callOnce(order, terminal);
  return (await import("../call-often.ts")).callOften(order, requests, terminal);
}

function outputOf({ format, ndjson }: CallFlags, wantsJson: boolean, isDrawn: boolean): CallOrder["output"] {
  if (format !== undefined) return format;
  if (ndjson) return "ndjson";
  if (wantsJson) return "json";
  return isDrawn ? "drawing" : "body";
}

async function readFormat(given: string): Promise<string> {
  const { checkWriteOut } = await import("../write-out.ts");
  const format = given.startsWith("@") ? (await readNamed(given.slice(1), "format")).toString("utf8") : given;
  checkWriteOut(format);
  return format;
}
