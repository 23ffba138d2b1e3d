import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { beforeAll, beforeEach, expect, it } from "vitest";
import { decodeJson } from "../../src/otel/decode-json.ts";
import { decodeProtobuf } from "../../src/otlp/decode-protobuf.ts";
import { arbitraryDamage, arbitraryRequests } from "../fixtures/arbitrary-otlp.ts";
import { encodeRequest } from "../fixtures/otlp-protobuf.ts";
import { type PythonEnvironment, preparePython } from "./python-environment.ts";
import { run } from "./running-up.ts";

/** Requests read by us and by OpenTelemetry's own definitions, in protobuf for Python. */
let environment: PythonEnvironment;
beforeAll(async () => {
  environment = await preparePython();
}, 240_000);
beforeEach(({ skip }) => {
  if ("reason" in environment) skip(environment.reason);
});

type Theirs = Readonly<Record<string, unknown>> | null;

async function theirsOf(requests: readonly Uint8Array[]): Promise<readonly Theirs[]> {
  if (!("python" in environment)) throw new Error(environment.reason);
  const folder = mkdtempSync(join(tmpdir(), "fluoroscope-otlp-"));
  try {
    const file = join(folder, "requests.hex");
    writeFileSync(file, requests.map((bytes) => `${Buffer.from(bytes).toString("hex")}\n`).join(""));
    const reader = fileURLToPath(new URL("clients/read_otlp.py", import.meta.url));
    const { output } = await run(environment.python, [reader, file]);
    return output
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Theirs);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** OTLP's JSON has ids in hex, where protobuf's own has bytes in base64. */
function withHexIds(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withHexIds);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      name,
      /^(trace|span|parentSpan)Id$/.test(name) ? Buffer.from(String(item), "base64").toString("hex") : withHexIds(item),
    ]),
  );
}

const asOurs = (theirs: Theirs) => decodeJson(Buffer.from(JSON.stringify(withHexIds(theirs))));

it("whole requests are the same to both", async () => {
  const requests = fc.sample(arbitraryRequests.map(encodeRequest), 500);
  const theirs = await theirsOf(requests);
  expect(theirs).toHaveLength(requests.length);
  for (const [at, bytes] of requests.entries()) expect(decodeProtobuf(bytes)).toEqual(asOurs(theirs[at]!));
});

it("damaged ones are as well, or are refused by both", async () => {
  const requests = fc.sample(arbitraryRequests.map(encodeRequest).chain(arbitraryDamage), 4_000);
  const theirs = await theirsOf(requests);
  let read = 0;
  for (const [at, bytes] of requests.entries()) {
    const ours = decodeProtobuf(bytes);
    const hex = Buffer.from(bytes).toString("hex");
    // Theirs look into fields that we step over, and into texts, which must be UTF-8 to them.
    if (theirs[at] === null) continue;
    expect(ours, hex).toEqual(asOurs(theirs[at]!));
    read += 1;
  }
  expect(read).toBeGreaterThan(200);
});
