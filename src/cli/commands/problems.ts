import type { Command } from "commander";
import type { KeptProblem, Problems } from "../../api/wire.ts";
import { askServer, endpointOf, keyVariable } from "../../ask/ask-server.ts";
import {
  addHelpEnd,
  addLookOptions,
  addServerOptions,
  type LookOptions,
  type ServerOptions,
} from "../common-options.ts";
import { exitCodes } from "../exit-codes.ts";
import { jsonText } from "../term/json-text.ts";
import type { Terminal } from "../terminal.ts";

interface Options extends LookOptions, ServerOptions {
  readonly json?: boolean;
}

/** `fluoroscope problems`: every packet and document that was refused lately, and why. */
export function define(command: Command): (terminal: Terminal) => Promise<number> {
  addLookOptions(addServerOptions(command.option("--json", "as JSON, with the beginning of each document")));
  addHelpEnd(command, ["fluoroscope problems"], [exitCodes.ok, exitCodes.usage, exitCodes.unreachable]);
  return async (terminal) => {
    const options = command.opts<Options>();
    const server = askServer(endpointOf(options.endpoint, terminal.environment), terminal.environment[keyVariable]);
    const answer = await server.get<Problems>("/api/problems");
    if (options.json) {
      terminal.print(jsonText(answer, 2));
      return exitCodes.ok;
    }
    const style = await terminal.style(options);
    terminal.print(await drawProblems(answer ?? { problems: [], counts: {} }, style));
    return exitCodes.ok;
  };
}

type Style = Awaited<ReturnType<Terminal["style"]>>;

async function drawProblems({ problems, counts }: Problems, style: Style): Promise<string[]> {
  const [{ cleanText }, { cut, wrap }, { count, grouped }] = await Promise.all([
    import("../term/clean-text.ts"),
    import("../term/fit-text.ts"),
    import("../term/format.ts"),
  ]);
  const { glyphs, paint, width } = style;
  if (problems.length === 0) return [`${paint.ok(glyphs.check)} Nothing was refused.`];
  const total = Object.values(counts).reduce((sum, each) => sum + each, 0);
  const kinds = Object.entries(counts)
    .toSorted(([, a], [, b]) => b - a)
    .map(([code, number]) => `${grouped(number)} ${code}`);
  const indent = " ".repeat(10);
  const draw = ({ atSeconds, source, code, path, message, document }: KeptProblem): string[] => {
    const at = new Date(atSeconds * 1_000).toTimeString().slice(0, 8);
    const place = path === "" ? "" : `  at ${cleanText(path, glyphs)}`;
    const head = `${at}  ${code}  ${cleanText(source, glyphs)}${place}`;
    return [
      paint.bold(cut(head, width, glyphs)),
      ...wrap(cleanText(message, glyphs), width - indent.length).map((line) => indent + line),
      ...(document === "" ? [] : [indent + paint.dim(cut(cleanText(document, glyphs), width - indent.length, glyphs))]),
    ];
  };
  return [...wrap(`${count(total, "problem")}: ${kinds.join(", ")}`, width), "", ...problems.flatMap(draw)];
}
