import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, it } from "vitest";
import { workloadDocuments } from "../../bench/workload.ts";
import { type RunningUp, startUp } from "../interop/running-up.ts";
import { cli } from "./run-cli.ts";

const folder = mkdtempSync(join(tmpdir(), "fluoroscope-archive-"));
const file = join(folder, "traces.ndjson.gz");
const startSeconds = Math.floor(Date.now() / 1000) - 1_000;
const documents = [...workloadDocuments({ traces: 300, startSeconds, spanSeconds: 600 })];
const ids = [...new Set(documents.map((text) => JSON.parse(text).trace_id as string))];

let from: RunningUp;
let to: RunningUp;
beforeAll(async () => {
  [from, to] = await Promise.all([startUp(), startUp()]);
  for (let at = 0; at < documents.length; at += 50) {
    await post(from, "/TraceSegments", { TraceSegmentDocuments: documents.slice(at, at + 50) });
  }
});
afterAll(async () => {
  await Promise.all([from?.close(), to?.close()]);
  rmSync(folder, { recursive: true });
});

async function post(server: RunningUp, path: string, body: object): Promise<unknown> {
  const response = await fetch(server.http + path, { method: "POST", body: JSON.stringify(body) });
  expect(response.status).toBe(200);
  return response.json();
}

async function answers(server: RunningUp): Promise<string> {
  const found: unknown[] = [];
  for (let at = 0; at < ids.length; at += 5) {
    found.push(await post(server, "/Traces", { TraceIds: ids.slice(at, at + 5) }));
  }
  return JSON.stringify(found);
}

it("what is exported here is imported there, to the byte, and twice is once", async () => {
  const exported = await cli(["export", "--since", "1h", "-o", file, "--endpoint", from.http]);
  expect(exported).toMatchObject({
    code: 0,
    stdout: "",
    stderr: `${documents.length} documents of ${ids.length} traces\n`,
  });
  expect(gunzipSync(readFileSync(file)).toString().trimEnd().split("\n").toSorted()).toEqual(documents.toSorted());

  for (const _ of ["once", "and again"]) {
    const imported = await cli(["import", file, "--endpoint", to.http]);
    const all = `${documents.length} of ${documents.length} documents were taken.`;
    expect(imported).toEqual({ code: 0, stdout: `${file}: ${all}\n`, stderr: "" });
  }
  expect(await answers(to)).toBe(await answers(from));
});

it("an export by filter goes to the pipe, and a pipe is imported", async () => {
  const { code, stdout } = await cli(["export", "fault", "--endpoint", from.http]);
  expect(code).toBe(0);
  const lines = stdout.trimEnd().split("\n");
  expect(lines.length).toBeGreaterThan(0);
  expect(lines.length).toBeLessThan(documents.length);
  const imported = await cli(["import", "-", "--endpoint", to.http], { input: stdout });
  expect(imported).toMatchObject({ code: 0, stdout: `-: ${lines.length} of ${lines.length} documents were taken.\n` });
});

it("what OpenTelemetry has written is imported too", async () => {
  const [id] = ids;
  const { stdout } = await cli(["trace", id!, "-f", "otlp", "--endpoint", from.http]);
  const path = join(folder, "otlp.json");
  writeFileSync(path, stdout);
  expect(await cli(["import", path, "--endpoint", to.http])).toMatchObject({
    code: 0,
    stdout: `${path}: all spans were taken.\n`,
  });
});

it("documents that are refused are told with their reasons", async () => {
  const bad = '{"trace_id":"nonsense","id":"defdfd9912dc5a56","name":"x","start_time":1,"end_time":2}';
  const { code, stdout, stderr } = await cli(["import", "-", "--endpoint", to.http], {
    input: `${bad}\n${documents[0]}\n`,
  });
  expect({ code, stdout }).toEqual({ code: 1, stdout: "-: 1 of 2 documents were taken.\n" });
  expect(stderr).toMatch(/^ {2}\S+ {2}\w+: .*trace_id/);
});

it.each([
  [["import", `${folder}/no-file`], "", /^fluoroscope: \S+\/no-file was not imported\. It cannot be read: /],
  [["import", "-"], "hello", /^fluoroscope: - was not imported\. Line 1 is not JSON\. Known are /],
  [["export", "-o", `${folder}/no-folder/file`], "", /^fluoroscope: \S+\/no-folder\/file cannot be written: /],
  [["export", "duration >"], "", /^fluoroscope: .*\n {2}duration >\n {12}\^\n$/],
])("%j is one clear sentence", async (words, input, sentence) => {
  const { code, stdout, stderr } = await cli([...words, "--endpoint", from.http], { input });
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toMatch(sentence);
});
