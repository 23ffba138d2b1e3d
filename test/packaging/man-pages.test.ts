import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { commandTable } from "../../src/cli/command-table.ts";
import { describeCommands } from "../../src/cli/describe-commands.ts";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../..", import.meta.url));
const pages = readdirSync(`${root}/packaging/man`).sort();

describe("the manual pages", () => {
  it("are what the definitions of the commands say", async () => {
    const { stderr } = await run(process.execPath, ["--import", "tsx", "scripts/man-pages.mjs", "--check"], {
      cwd: root,
    });
    expect(stderr).toBe("");
  });

  it("are there for every command, and list every option", async () => {
    expect(pages).toEqual(["fluoroscope.1", ...commandTable.map(({ name }) => `fluoroscope-${name}.1`)].sort());
    for (const { name, options, command } of await describeCommands(commandTable)) {
      if (command === undefined) continue;
      const text = readFileSync(`${root}/packaging/man/fluoroscope-${name}.1`, "utf8").replaceAll("\\-", "-");
      for (const { names } of options) for (const each of names) expect(text).toContain(`\\fB${each}\\fR`);
    }
  });

  it.each(pages)("%s is set without a warning", async (page) => {
    const words = ["--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z", `${root}/packaging/man/${page}`];
    const { stderr } = await run("man", words, { env: { ...process.env, MANWIDTH: "80" }, maxBuffer: 2 ** 24 });
    expect(stderr).toBe("");
  });
});
