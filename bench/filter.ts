/**
 * What a filter expression costs, on one thread: `npx tsx bench/filter.ts [traces]`. The expressions are those of the API
 * study; they are put to its eight traces and to seeded ones of about five segments.
 */
import { readFileSync } from "node:fs";
import { compileFilter } from "../src/filter/evaluate.ts";
import { parseFilter } from "../src/filter/parser.ts";
import { digestTerms } from "../src/filter/terms.ts";
import { assembleTrace } from "../src/trace/assemble-trace.ts";
import type { TraceDigest } from "../src/trace/digest.ts";
import { digestTrace } from "../src/trace/digest-trace.ts";
import { parseSegment } from "../src/trace/parse-segment.ts";
import { workloadTraces } from "./workload.ts";

interface Fixtures {
  readonly groups: Readonly<Record<string, string>>;
  readonly traces: readonly { readonly id: string; readonly segments: readonly object[] }[];
  readonly filter_cases: readonly { readonly expr: string }[];
}
const fixtures: Fixtures = JSON.parse(
  readFileSync(new URL("../test/fixtures/api-fixtures.json", import.meta.url), "utf8"),
);
const options = { traces: Number(process.argv[2] ?? 2000), startSeconds: 1_700_000_000, spanSeconds: 3600 };
const small = fixtures.traces.map(({ id, segments }) =>
  digestOf(
    id,
    segments.map((each) => JSON.stringify(each)),
  ),
);
const large = [...workloadTraces(options)].map(({ id, documents }) =>
  digestOf(
    id,
    documents.map(({ text }) => text),
  ),
);

const groups = new Map(Object.entries(fixtures.groups));
const expressions = fixtures.filter_cases.map(({ expr }) => expr);
const filters = expressions.map((expression) => parseFilter(expression, { groups }));

table("parse", expressions, (expression) => parseFilter(expression, { groups }), "an expression");
table("compile", filters, (filter) => compileFilter(filter), "an expression");
for (const [name, digests] of Object.entries({ "study's traces": small, "seeded traces": large })) {
  const rounds = Math.ceil(20_000 / digests.length);
  const times = filters.map((filter) => microsOf(() => digests.filter(compileFilter(filter)), rounds) / digests.length);
  show(`evaluate, ${name}`, times, "a trace");
}
table("digestTerms, seeded traces", large.slice(0, 200), (digest) => [...digestTerms(digest)], "a trace");

function digestOf(id: string, documents: readonly string[]): TraceDigest {
  const parsed = documents.map((text) => parseSegment(text));
  return digestTrace(
    assembleTrace(
      id,
      parsed.flatMap((each) => (each.kind === "segments" ? each.segments : [])),
    ),
    1,
  );
}

function table<T>(name: string, inputs: readonly T[], work: (input: T) => unknown, unit: string): void {
  // All of them first, so that each is measured with code that has seen the others.
  for (let i = 0; i < 50; i += 1) for (const input of inputs) work(input);
  show(
    name,
    inputs.map((input) => microsOf(() => work(input), 500)),
    unit,
  );
}

function microsOf(work: () => void, rounds: number): number {
  for (let i = 0; i < rounds / 5; i += 1) work();
  const start = process.hrtime.bigint();
  for (let i = 0; i < rounds; i += 1) work();
  return Number(process.hrtime.bigint() - start) / 1000 / rounds;
}

function show(name: string, times: readonly number[], unit: string): void {
  const sorted = times.toSorted((a, b) => a - b);
  const [median, worst] = [sorted[sorted.length >> 1]!, sorted.at(-1)!];
  console.log(
    `${name.padEnd(28)} ${median.toFixed(2).padStart(6)} µs ${unit} (median), ${worst.toFixed(2)} µs at worst`,
  );
}
