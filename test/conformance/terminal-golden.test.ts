import { PutTraceSegmentsCommand } from "@aws-sdk/client-xray";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { judge, readAssertion } from "../../src/cli/assertions.ts";
import { type CallOutcome, callFigures } from "../../src/cli/call-figures.ts";
import { commandTable } from "../../src/cli/command-table.ts";
import { runCommand } from "../../src/cli/run-command.ts";
import { drawFigures } from "../../src/cli/term/draw-figures.ts";
import { drawPhases } from "../../src/cli/term/draw-phases.ts";
import { drawVerdicts } from "../../src/cli/term/draw-verdicts.ts";
import { widthOf } from "../../src/cli/term/fit-text.ts";
import { type ATerminal, aTerminal } from "../fixtures/a-terminal.ts";
import { hostileDocuments, quickTraceId, slowTraceId } from "../fixtures/hostile-traces.ts";
import { type AServer, aServer } from "./a-server.ts";

// Lists say times of day.
process.env.TZ = "UTC";

let server: AServer;
beforeAll(async () => {
  server = await aServer();
  const documents = [...hostileDocuments(slowTraceId), ...hostileDocuments(quickTraceId)];
  await server.client.send(new PutTraceSegmentsCommand({ TraceSegmentDocuments: documents }));
});
afterAll(() => server?.close());

/** Every trace there is: the fixtures are of 2023. */
const since = ["--since", "2000w"];
const commands: readonly (readonly string[])[] = [
  ["map", ...since],
  ["traces", ...since],
  ["traces", ...since, "fault"],
  ["trace", slowTraceId],
  ["trace", slowTraceId, "--rows", "4"],
  ["diff", quickTraceId, slowTraceId],
  ["diff", quickTraceId, slowTraceId, "--rows", "3"],
  ["open", "traces", "--print"],
];

/** Runs a command as main does; its links lead to a port of as many digits. */
async function run(words: readonly string[], terminal: ATerminal): Promise<string> {
  const [name, ...rest] = words;
  const entry = commandTable.find((each) => each.name === name);
  if (entry === undefined || !("load" in entry)) throw new Error(`there is no command ${name}`);
  const code = await runCommand({ ...entry, definition: entry.load() }, rest, terminal);
  if (code !== 0) throw new Error(`${words.join(" ")} ended with ${code}: ${terminal.remarks()}`);
  return fixPort(terminal.printed());
}

function fixPort(text: string): string {
  const { port } = new URL(server.addresses.http);
  return text.replaceAll(`:${port}/`, `:${"2".repeat(port.length)}/`);
}

/** What has no server: figures of fixed calls. */
function drawings(style: Awaited<ReturnType<ATerminal["style"]>>): string[] {
  const outcomes: CallOutcome[] = Array.from({ length: 50 }, (_, at) => ({
    ms: 10 + ((at * 37) % 50) * (at % 10 === 0 ? 9 : 1),
    traceId: slowTraceId,
    ...(at % 20 === 19
      ? { failure: "connect ECONNREFUSED \u001b[31m127.0.0.1:1" }
      : { status: at % 7 === 0 ? 503 : 200 }),
  }));
  const figures = callFigures(outcomes, 1_234);
  const assertions = ["p95<300ms", "faults==0", "failures<50%", "rate>1000/s"].map(readAssertion);
  const names = ["DNS", "connect", "TLS", "wait", "download"] as const;
  const ends = [0, 0.4, 1.5, 8, 396, 409];
  const phases = names.map((name, at) => ({ name, startMs: ends[at]!, endMs: ends[at + 1]! }));
  return [
    ...drawPhases(phases, style),
    "",
    ...drawFigures(figures, outcomes, style),
    "",
    ...drawVerdicts(judge(assertions, outcomes, figures), style),
  ];
}

const looks = [60, 80, 120, 200].flatMap((columns) =>
  [false, true].flatMap((isAscii) => [false, true].map((isTty) => ({ columns, isAscii, isTty }))),
);

describe.each(looks)("at $columns columns, ASCII $isAscii, on a terminal $isTty", (look) => {
  const charset = look.isAscii ? "ascii" : "unicode";
  const file = `../golden/terminal-${look.columns}-${charset}-${look.isTty ? "tty" : "pipe"}.txt`;
  const terminal = (): ATerminal =>
    aTerminal({ ...look, environment: { AWS_ENDPOINT_URL_XRAY: server.addresses.http } });
  let whole = "";

  it("commands print what they always printed", async () => {
    for (const words of commands) whole += `$ fluoroscope ${words.join(" ")}\n${await run(words, terminal())}\n`;
    const style = await terminal().style({});
    whole += `$ figures\n${drawings(style).join("\n")}\n`;
    await expect(whole).toMatchFileSnapshot(file);
  });

  it("no line is wider than the terminal", () => {
    const lines = whole.split("\n").filter((line) => !line.startsWith("$ "));
    expect(lines.length).toBeGreaterThan(60);
    // An address on a line of its own is whole, or it could not be copied.
    expect(lines.filter((line) => widthOf(line) > look.columns && !/^\S*http:\S*$/.test(line))).toEqual([]);
  });

  it("nothing of a trace has an effect on it", () => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours and links are ours.
    const ours = /\u001b\[\d{1,2}m|\u001b\]8;;(?:http:\/\/127\.0\.0\.1:2+\/[!-~]*)?\u001b\\/g;
    const rest = look.isTty ? whole.replace(ours, "") : whole;
    const allowed = look.isAscii ? /[^\n\x20-\x7e]/g : /[^\n\P{C}]/gu;
    expect([...new Set(rest.match(allowed))]).toEqual([]);
  });
});

it("JSON that is printed has no character with an effect either", async () => {
  const look = {
    columns: 80,
    isTty: true,
    isAscii: false,
    environment: { AWS_ENDPOINT_URL_XRAY: server.addresses.http },
  };
  for (const words of [
    ["trace", slowTraceId, "--json"],
    ["trace", slowTraceId, "--ndjson"],
    ["trace", slowTraceId, "-f", "md"],
    ["trace", slowTraceId, "-f", "logfmt"],
    ["trace", slowTraceId, "-f", "mermaid"],
    ["trace", slowTraceId, "-f", "otlp"],
    ["map", ...since, "-f", "mermaid"],
    ["traces", ...since, "-f", "xray"],
    ["traces", ...since, "--ndjson"],
    ["map", ...since, "--json"],
    ["diff", quickTraceId, slowTraceId, "--json"],
  ]) {
    const text = await run(words, aTerminal(look));
    expect([words, text.match(/[^\n\P{C}]/gu) ?? []]).toEqual([words, []]);
  }
});

it("documents survive being printed and sent again", async () => {
  const look = {
    columns: 80,
    isTty: false,
    isAscii: false,
    environment: { AWS_ENDPOINT_URL_XRAY: server.addresses.http },
  };
  const lines = (await run(["trace", slowTraceId, "--ndjson"], aTerminal(look))).trim().split("\n");
  expect(lines.map((line) => JSON.parse(line).name).sort()).toEqual(["checkout", "web"]);
  const { UnprocessedTraceSegments } = await server.client.send(
    new PutTraceSegmentsCommand({ TraceSegmentDocuments: lines }),
  );
  expect(UnprocessedTraceSegments).toEqual([]);
  const { Traces } = JSON.parse(await run(["trace", slowTraceId, "-f", "xray"], aTerminal(look)));
  expect(Traces).toMatchObject([{ Id: slowTraceId, Segments: [{}, {}] }]);
  expect(JSON.parse(await run(["trace", slowTraceId, "-f", "otlp"], aTerminal(look)))).toHaveProperty("resourceSpans");
});
