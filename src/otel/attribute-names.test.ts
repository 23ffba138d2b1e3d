import { readFileSync } from "node:fs";
import { expect, it } from "vitest";

const folder = new URL("./", import.meta.url);
/** The name of X-Ray's SDK, in lower case. */
const noAttribute = "node.js";
const pages = ["otlp-out.md", "opentelemetry.md"].map((page) =>
  readFileSync(new URL(`../../docs/reference/${page}`, import.meta.url), "utf8"),
);

/** The files of this folder that writing spans needs. */
function sources(file: string, found: Map<string, string> = new Map()): Map<string, string> {
  if (found.has(file)) return found;
  const text = readFileSync(new URL(file, folder), "utf8");
  found.set(file, text);
  for (const [, imported] of text.matchAll(/from "\.\/([\w-]+\.ts)"/g)) sources(imported!, found);
  return found;
}

it("every attribute that is written or read is in docs/reference", () => {
  const names = [...sources("segment-to-spans.ts").values()].flatMap((text) =>
    [...text.matchAll(/"([a-z_]\w*(?:\.[a-z_][\w-]*)+)"/g)].map((match) => match[1]!),
  );
  expect(new Set(names).size).toBeGreaterThan(60);
  expect(
    [...new Set(names)].filter((name) => name !== noAttribute && !pages.some((page) => page.includes(`\`${name}\``))),
  ).toEqual([]);
});
