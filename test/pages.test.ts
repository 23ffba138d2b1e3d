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
  "examples/README.md",
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

it("every example has a README that says how to run each of its programs, or what starts them", () => {
  const examples = readdirSync(join(root, "examples"), { withFileTypes: true }).filter((one) => one.isDirectory());
  for (const { name } of examples) {
    const folder = join("examples", name);
    const files = readdirSync(join(root, folder));
    const scripts = files.includes("package.json") ? JSON.parse(read(join(folder, "package.json"))).scripts : {};
    const readme = read(join(folder, "README.md"));
    for (const script of Object.keys(scripts)) {
      expect(readme, folder).toContain(script === "start" ? "npm start" : `npm run ${script}`);
    }
    if (!files.includes("package.json")) {
      for (const file of files.filter((one) => one !== "README.md")) {
        expect(readme, folder).toMatch(new RegExp(`^(?:node|python) ${file}`, "m"));
      }
    }
  }
});
