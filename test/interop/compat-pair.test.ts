import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual, promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type InstalledSdk, installSdk } from "../fixtures/installed-sdk.ts";
import { startUdpReceiver } from "../fixtures/udp-receiver.ts";
import { type Difference, type Document, differences } from "./compat-differences.ts";

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

interface Run {
  readonly documents: readonly Document[];
  /** What callees and callers were told in headers. */
  readonly headers: readonly (string | null)[];
}

/** What a program sends with either; it runs once. */
function pairOf(name: Program): Promise<{ theirs: Run; ours: Run }> {
  const pair =
    runs.get(name) ?? run(name, "theirs").then(async (theirs) => ({ theirs, ours: await run(name, "ours") }));
  runs.set(name, pair);
  return pair;
}

async function run(name: Program, who: "theirs" | "ours"): Promise<Run> {
  const daemon = await startUdpReceiver();
  try {
    const flags = who === "ours" ? ["--import", "fluoroscope-sdk/compat/register"] : [];
    const { stdout } = await promisify(execFile)(process.execPath, [...flags, program(name)], {
      cwd: sdk.folder,
      env: { PATH: process.env.PATH, NODE_NO_WARNINGS: "1", AWS_XRAY_DAEMON_ADDRESS: daemon.address },
    });
    const { ports, headers } = JSON.parse(stdout) as { ports: readonly number[]; headers: Run["headers"] };
    await daemon.await(programs[name]);
    const numbers = new Map(ports.map((port, index) => [String(port), `${index + 1}`]));
    const text = JSON.stringify(daemon.documents).replaceAll(
      /(?<=127\.0\.0\.1:)\d+/g,
      (port) => numbers.get(port) ?? port,
    );
    return { documents: JSON.parse(text) as Document[], headers };
  } finally {
    daemon.close();
  }
}

/** Without what differs from run to run, and without what differs on purpose. */
function comparable(documents: readonly Document[], who: "theirs" | "ours", table = differences): unknown {
  const known = new Map<unknown, string>();
  const named = (id: unknown): unknown => {
    if (typeof id !== "string" || !/^(?:[\da-f]{16}|1-[\da-f]{8}-[\da-f]{24})$/.test(id)) return id;
    if (!known.has(id)) known.set(id, `id ${known.size + 1}`);
    return known.get(id);
  };
  return documents.map((root) => {
    const adjusted = table.reduce((document, difference) => adjust(document, difference[who], document), root);
    return JSON.parse(JSON.stringify(sorted(adjusted)), (member, value: unknown) => {
      if (member === "start_time" || member === "end_time") return typeof value;
      return named(value);
    });
  });
}

function adjust(document: Document, change: Difference["theirs"], root: Document): Document {
  const below = document.subsegments?.map((child) => adjust(child, change, root));
  const changed = { ...document, ...(below && { subsegments: below }) };
  return change?.(changed, root) ?? changed;
}

/** Members in one order, so that ids are met in one order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(members.map(([member, each]) => [member, sorted(each)]));
}
