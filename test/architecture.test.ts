import { existsSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { mayImport, pure } from "./layers.ts";

/** ARCHITECTURE.md says nothing that the source does not. */
const read = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), "utf8");
const page = read("ARCHITECTURE.md");
const named = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map((match) => match[1]!);

/** Whether a file exports a function of that name, or a class with that method. */
function offers(path: string, name: string): boolean {
  const text = read(path);
  const [first, method] = name.split(".");
  if (method === undefined) return new RegExp(`^export (?:async )?function\\*? ${first}\\b`, "m").test(text);
  return (
    new RegExp(`^export class ${first}\\b`, "m").test(text) &&
    new RegExp(`^  (?:async )?#?${method}(?:<.*>)?\\(`, "m").test(text)
  );
}

const steps = [...page.matchAll(/^\| \d+ \| `(\S+)` \| `(\S+)` \|/gm)].map((row) => [row[1]!, row[2]!] as const);
const mentions = [...page.matchAll(/`([A-Za-z.]+)`\s\(`(src\/[^`]+)`\)/g)].map(
  (found) => [found[2]!, found[1]!] as const,
);

it("the walk has every step from packet to pixel", () => {
  expect(steps.length).toBeGreaterThanOrEqual(13);
  expect(steps[0]?.[1]).toBe("listenUdp");
  expect(steps.at(-1)?.[1]).toBe("drawMap");
});

it.each(steps)("%s exports %s, as the walk says", (path, name) => {
  expect(offers(path, name)).toBe(true);
});

it.each(mentions)("%s offers %s, as the text says", (path, name) => {
  if (/^[A-Z][A-Za-z]+$/.test(name))
    expect(read(path)).toMatch(new RegExp(`^export (?:class|interface|type) ${name}\\b`, "m"));
  else expect(offers(path, name)).toBe(true);
});

it("every file that it names is there", () => {
  const files = named(page).filter((name) => /^(?:src|test|docs)\/.*\.\w+$/.test(name));
  expect(files.filter((path) => !existsSync(new URL(`../${path}`, import.meta.url)))).toEqual([]);
});

it("the table of folders is the one that the layer test uses", () => {
  const rows = [...page.matchAll(/^\| `([\w.-]+)` \| [^|]+ \| ([^|]+) \|$/gm)];
  const told = Object.fromEntries(rows.map((row) => [row[1]!, expand(row[2]!)]));
  const open = ["errors.ts", "log.ts"];
  const meant = Object.entries(mayImport).filter(([folder]) => !open.includes(folder));
  expect(told).toEqual(Object.fromEntries(meant.map(([folder, imports]) => [folder, [...imports].sort()])));
});

function expand(cell: string): string[] {
  if (cell.startsWith("nothing")) return [];
  if (cell.startsWith("all but")) {
    const left = [...named(cell), "cli", "errors.ts", "log.ts"];
    return Object.keys(mayImport)
      .filter((folder) => !left.includes(folder))
      .sort();
  }
  const folders = cell.startsWith("the pure folders") ? pure : [];
  return [...folders, ...named(cell)].sort();
}

it("fits on a few screens", () => {
  expect(page.split("\n").length).toBeLessThanOrEqual(250);
  expect(read("README.md").split("\n").length).toBeLessThanOrEqual(120);
});
