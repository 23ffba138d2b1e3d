import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { run } from "./interop/running-up.ts";

/** What the pages name is there: the files they link to, the commands they show. */
const root = fileURLToPath(new URL("..", import.meta.url));
const folders = ["docs/guide", "docs/reference", "docs/decisions"];
const pages = [
  ...["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "bench/README.md"],
  ...folders.flatMap((folder) => readdirSync(join(root, folder)).map((file) => join(folder, file))),
];
const read = (page: string): string => readFileSync(join(root, page), "utf8");

it.each(pages)("every link of %s leads to a file", (page) => {
  const links = [...read(page).matchAll(/\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)/g)].map((match) => match[1]!);
  expect(links.filter((link) => !existsSync(join(root, dirname(page), link)))).toEqual([]);
});

const shown = ["README.md", "docs/guide/getting-started.md", "docs/guide/existing-sdks.md"].flatMap((page) =>
  [...read(page).matchAll(/^(?:\$ )?fluoroscope ([a-z]+)/gm)].map((match) => match[1]!),
);

it.each([...new Set(shown)])("the command %s that the pages show is there", async (command) => {
  const { code, output } = await run(process.execPath, [join(root, "dist/cli/main.js"), command, "--help"]);
  expect(code).toBe(0);
  expect(output).toContain(`Usage: fluoroscope ${command}`);
});

it("every example has a comment that says how to run it", () => {
  for (const folder of readdirSync(join(root, "examples"))) {
    for (const file of readdirSync(join(root, "examples", folder))) {
      expect(read(join("examples", folder, file))).toContain(`node examples/${folder}/${file}`);
    }
  }
});
