import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

const folder = new URL("./", import.meta.url);
/** The name of X-Ray's SDK, in lower case. */
const noAttribute = "node.js";
const page = readFileSync(new URL("../../docs/reference/otlp-out.md", import.meta.url), "utf8");

it("every attribute that is written is in docs/reference/otlp-out.md", () => {
  const sources = readdirSync(folder).filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"));
  const names = sources.flatMap((file) =>
    [...readFileSync(new URL(file, folder), "utf8").matchAll(/"([a-z_]\w*(?:\.[a-z_][\w-]*)+)"/g)].map(
      (match) => match[1]!,
    ),
  );
  expect(new Set(names).size).toBeGreaterThan(60);
  expect([...new Set(names)].filter((name) => name !== noAttribute && !page.includes(`\`${name}\``))).toEqual([]);
});
