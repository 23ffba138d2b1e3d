import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { InstalledSdk } from "../fixtures/installed-sdk.ts";
import { startUdpReceiver } from "../fixtures/udp-receiver.ts";
import { type Difference, type Document, differences } from "./compat-differences.ts";

/** X-Ray's SDK for Node, or ours in its place. */
export type Who = "theirs" | "ours";

/** What a program has sent. */
export interface Run {
  readonly documents: readonly Document[];
  /** What callees and callers were told in headers. */
  readonly headers: readonly (string | null)[];
}

export interface RunOptions {
  readonly who: Who;
  readonly sdk: InstalledSdk;
  /** How many documents the program sends. */
  readonly count: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a program with either, and answers what it sent. It prints its servers' ports, which are numbered in the answer. */
export async function runProgram(words: readonly string[], { who, sdk, count, env = {} }: RunOptions): Promise<Run> {
  const daemon = await startUdpReceiver();
  try {
    const flags = who === "ours" ? ["--import", "fluoroscope-sdk/compat/register"] : [];
    const { stdout } = await promisify(execFile)(process.execPath, [...flags, ...words], {
      cwd: sdk.folder,
      env: { PATH: process.env.PATH, NODE_NO_WARNINGS: "1", AWS_XRAY_DAEMON_ADDRESS: daemon.address, ...env },
    });
    const { ports, headers } = JSON.parse(stdout) as { ports: readonly number[]; headers: Run["headers"] };
    await daemon.await(count);
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

/** Of segments, of traces, of requests. */
const ids = /^(?:[\da-f]{16}|1-[\da-f]{8}-[\da-f]{24}|[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})$/;

/** Without what differs from run to run, and without what differs on purpose. */
export function comparable(
  documents: readonly Document[],
  who: Who,
  table: readonly Difference[] = differences,
): unknown {
  const known = new Map<unknown, string>();
  const named = (id: unknown): unknown => {
    if (typeof id !== "string" || !ids.test(id)) return id;
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
