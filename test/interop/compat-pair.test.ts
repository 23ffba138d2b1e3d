import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type InstalledSdk, installSdk } from "../fixtures/installed-sdk.ts";
import { differences } from "./compat-differences.ts";
import { comparable, type Run, runProgram, type Who } from "./compat-runs.ts";

/** The same programs, with X-Ray's SDK for Node and with ours in its place: their documents, member by member. */
const program = (name: string): string => fileURLToPath(new URL(`clients/${name}`, import.meta.url));

/** How many documents each sends. */
const programs = { "compat-pair.cjs": 21, "compat-express.cjs": 8, "compat-lambda.cjs": 6 } as const;
type Program = keyof typeof programs;
const names = Object.keys(programs) as Program[];

const runs = new Map<Program, Promise<{ theirs: Run; ours: Run }>>();
let sdk: InstalledSdk;

beforeAll(() => {
  sdk = installSdk();
});

afterAll(() => sdk?.remove());

it.each(names)("%s sends the same documents but for the differences that are told", async (name) => {
  const { theirs, ours } = await pairOf(name);
  expect(comparable(ours.documents, "ours")).toEqual(comparable(theirs.documents, "theirs"));
});

it.each(differences)("there is such a difference: $says", async (difference) => {
  const others = differences.filter((each) => each !== difference);
  const pairs = await Promise.all(names.map(pairOf));
  const isSeen = pairs.some(
    ({ theirs, ours }) =>
      !isDeepStrictEqual(comparable(ours.documents, "ours", others), comparable(theirs.documents, "theirs", others)),
  );
  expect(isSeen).toBe(true);
});

it("callees are told the same, and what the caller's header had more", async () => {
  for (const name of names) {
    const { theirs, ours } = await pairOf(name);
    expect(ours.headers.map((header) => header?.replace(/;Lineage=.*/, "") ?? null)).toEqual(theirs.headers);
  }
  expect((await pairOf("compat-lambda.cjs")).ours.headers[0]).toMatch(/;Lineage=a:1$/);
});

it("an error tells where it was thrown, in the application's own file", async () => {
  const { documents } = (await pairOf("compat-pair.cjs")).ours;
  const inner = documents.find(({ name }) => name === "errors")?.subsegments?.[0]?.subsegments?.[0];
  const { exceptions } = inner!.cause as { exceptions: [{ stack: [{ path: string; line: number; label: string }] }] };
  const lines = readFileSync(program("compat-pair.cjs"), "utf8").split("\n");
  const [first] = exceptions[0].stack;
  expect(first).toMatchObject({ path: program("compat-pair.cjs"), label: "broken" });
  expect(lines[first.line - 1]).toContain("throw new TypeError");
});

it("the guide to migrating tells each difference", () => {
  const guide = readFileSync(new URL("../../docs/guide/migrate.md", import.meta.url), "utf8").replaceAll(/\s+/g, " ");
  expect(differences.map(({ says }) => says).filter((says) => !guide.includes(says))).toEqual([]);
});

/** What a program sends with either; it runs once. */
function pairOf(name: Program): Promise<{ theirs: Run; ours: Run }> {
  const each = (who: Who) => runProgram([program(name)], { who, sdk, count: programs[name] });
  const pair = runs.get(name) ?? each("theirs").then(async (theirs) => ({ theirs, ours: await each("ours") }));
  runs.set(name, pair);
  return pair;
}
