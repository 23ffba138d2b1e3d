import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseSync } from "vite";
import { expect, it } from "vitest";
import { attackLength, slowText } from "./attack-expression.ts";

const src = fileURLToPath(new URL("../../src/", import.meta.url));

/** Expressions that are quadratic, and what bounds the text they see. Whoever adds one says why it cannot hurt. */
const bounded: Readonly<Record<string, { readonly length: number; readonly because: string }>> = {
  "call/record-exception.ts": { length: 4_000, because: "stacks of errors thrown in this process" },
  "sdk/": { length: 4_000, because: "runs in the application, on what the application says" },
  "cli/": { length: 4_000, because: "the user's own words, and numbers that were formatted here" },
  "ask/ask-server.ts": { length: 4_000, because: "the user's own address" },
  "daemon/listen-address.ts": { length: 500, because: "the owner's setting" },
  "daemon/shared-config-region.ts": { length: 500, because: "a line of the owner's own file" },
  "daemon/read-daemon-config.ts": { length: 4_000, because: "the owner's setting" },
  "xray/daemon-address.ts": { length: 500, because: "the owner's setting" },
  "forward/destination.ts": { length: 4_000, because: "the owner's setting" },
  "forward/endpoint.ts": { length: 4_000, because: "the owner's setting" },
  "forward/xray-api.ts": { length: 4_000, because: "the owner's setting" },
  "store/clickhouse/": { length: 4_000, because: "what the owner's own database answers" },
  "console/timeline/format-sql.ts": { length: 10_000, because: "a longer statement is not laid out" },
  "doctor/": { length: 4_000, because: "messages of this machine and of the owner's own database" },
  "forward/proxy.ts": { length: 4_000, because: "the owner's setting" },
  "forward/otlp-way-out.ts": { length: 4_000, because: "the owner's setting" },
  "forward/credentials.ts": { length: 4_000, because: "messages of the library for credentials" },
  "forward/describe-health.ts": { length: 100, because: "a number that is formatted" },
  "forward/api-error.ts": { length: 16_384, because: "the first 16 KB of an answer" },
  "console/settings/problems.tsx": { length: 8_000, because: "a problem's message, made by the server" },
  "otel/stacks/stack.ts": { length: 2_000, because: "one line of a stack trace" },
};

interface Found {
  readonly file: string;
  readonly expression: RegExp;
}

function expressionsIn(file: string): Found[] {
  const found: Found[] = [];
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) for (const each of node) visit(each);
    if (typeof node !== "object" || node === null) return;
    if ("regex" in node && typeof node.regex === "object" && node.regex !== null) {
      const { pattern, flags } = node.regex as { pattern: string; flags: string };
      found.push({ file, expression: new RegExp(pattern, flags) });
    }
    for (const each of Object.values(node)) visit(each);
  };
  visit(parseSync(file, readFileSync(src + file, "utf8")).program);
  return found;
}

const files = readdirSync(src, { recursive: true, encoding: "utf8" })
  .filter((name) => /\.tsx?$/.test(name) && !/\.test\.tsx?$/.test(name))
  .map((name) => name.replaceAll("\\", "/"))
  .sort();

it("no regular expression takes long, whatever text it is shown", { timeout: 300_000 }, () => {
  const all = files.flatMap(expressionsIn);
  const tried = new Set<string>();
  expect(all.length).toBeGreaterThan(200);
  const slow = all.flatMap(({ file, expression }) => {
    const length = bounded[Object.keys(bounded).find((start) => file.startsWith(start)) ?? ""]?.length ?? attackLength;
    const key = `${length} ${expression}`;
    if (tried.has(key)) return [];
    tried.add(key);
    const text = slowText(expression, length);
    return text === undefined ? [] : [`${file}: ${expression} with ${text}`];
  });
  expect(slow).toEqual([]);
});

it("every bound is one of a file that is there", () => {
  expect(Object.keys(bounded).filter((start) => !files.some((file) => file.startsWith(start)))).toEqual([]);
});

it("these were slow once, and would be found", { timeout: 120_000 }, () => {
  const once = [/"(?:[^"\\]|\\.)*"|\bNaN\b/gs, /\s*---> /, / for (.+)$/];
  expect(once.filter((expression) => slowText(expression) === undefined)).toEqual([]);
});
