import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { commandTable } from "../command-table.ts";
import { type DescribedCommand, describeCommands } from "../describe-commands.ts";
import { bashScript } from "./bash-script.ts";
import { findFilters, findTraceIds } from "./find-words.ts";
import { fishScript } from "./fish-script.ts";
import { zshScript } from "./zsh-script.ts";

let commands: DescribedCommand[];
beforeAll(async () => {
  commands = await describeCommands(commandTable);
});

/** What bash would offer for the last of some words. `fluoroscope` itself is a function that answers for the server. */
function offered(...words: string[]): string[] {
  const script = `
    fluoroscope() { printf '1-aaaaaaaa-000000000000000000000001\\tGET /x\\n'; }
    ${bashScript(commands)}
    COMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length - 1}
    _fluoroscope; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const text = execFileSync("bash", ["--norc", "--noprofile", "-c", script], { encoding: "utf8" });
  return text.trim() === "" ? [] : text.trim().split("\n");
}

describe("bash", () => {
  it("is offered the commands", () => {
    expect(offered("fluoroscope", "tr")).toEqual(["traces", "trace"]);
    expect(offered("fluoroscope", "")).toEqual(expect.arrayContaining(commandTable.map(({ name }) => name)));
    expect(offered("fluoroscope", "help", "da")).toEqual(["daemon"]);
  });

  it("is offered a command's options, and what an option takes", () => {
    expect(offered("fluoroscope", "diff", "--r")).toEqual(["--rows"]);
    expect(offered("fluoroscope", "trace", "--format", "")).toEqual(["md", "logfmt", "mermaid", "otlp", "xray"]);
    expect(offered("fluoroscope", "map", "--color", "n")).toEqual(["never"]);
    expect(offered("fluoroscope", "daemon", "--spill-d")).toEqual(["--spill-dir"]);
    expect(offered("call-api", "--concurr")).toEqual(["--concurrency"]);
    expect(offered("fluoroscope", "call", "--assert", "")).toEqual([]);
  });

  it("is offered files where a file is wanted, and trace ids where one is", () => {
    expect(offered("fluoroscope", "call", "-o", "package.")).toEqual(["package.json"]);
    expect(offered("fluoroscope", "trace", "")).toEqual(["1-aaaaaaaa-000000000000000000000001"]);
    expect(offered("fluoroscope", "completion", "z")).toEqual(["zsh"]);
  });
});

describe("every shell", () => {
  it("is told of every option of every command", () => {
    for (const [shell, script] of Object.entries({ bash: bashScript, zsh: zshScript, fish: fishScript })) {
      const text = script(commands);
      for (const { name, options } of commands) {
        expect(text).toContain(name);
        for (const { names } of options) {
          for (const each of names) {
            const written =
              shell !== "fish" ? each : each.startsWith("--") ? ` -l ${each.slice(2)}` : ` -s ${each.slice(1)}`;
            expect(text).toContain(written);
          }
        }
      }
    }
  });

  it.each([
    ["bash", bashScript],
    ["zsh", zshScript],
    ["fish", fishScript],
  ])("can read its script: %s", (shell, script) => {
    const folder = mkdtempSync(join(tmpdir(), "fluoroscope-completion-"));
    const file = join(folder, shell);
    writeFileSync(file, script(commands));
    const { status, stderr, error } = spawnSync(shell, ["-n", file], { encoding: "utf8" });
    rmSync(folder, { recursive: true });
    // Not on every machine; the scripts' quoting is tried in any case, below.
    if (error !== undefined && !process.env.CI)
      console.log(`${shell} is not installed, so it has not read its script.`);
    else expect([error, status, stderr]).toEqual([undefined, 0, ""]);
  });

  it("has words that shells take for signs quoted", () => {
    const odd: DescribedCommand = {
      name: "odd",
      summary: "it's [odd]: $(x) `y`",
      arguments: [],
      options: [{ names: ["--odd"], meaning: "it's [odd]: $(x) `y`" }],
    };
    expect(fishScript([odd])).toContain("-d 'it\\'s [odd]: $(x) `y`'");
    expect(zshScript([odd])).toContain("'*--odd[it'\\''s \\[odd\\]\\: $(x) `y`]'");
    expect(spawnSync("bash", ["-n"], { input: bashScript([odd]) }).status).toBe(0);
  });
});

describe("words that are asked for", () => {
  it("are filters that go on from what has been typed", () => {
    const going = (text: string): string[] => findFilters(text).map((line) => line.split("\t")[0]!);
    expect(going("fau")).toEqual(["fault"]);
    expect(going("fault AND resp")).toEqual(["fault AND responsetime"]);
  });

  it("are none where no fluoroscope answers", async () => {
    expect(await findTraceIds("http://127.0.0.1:9", undefined, "1-")).toEqual([]);
  });
});
