import { createSocket } from "node:dgram";
import { once } from "node:events";
import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { type Config, readConfig } from "../config.ts";
import { checkDataDir } from "./check-data-dir.ts";
import { checkEnvironment } from "./check-environment.ts";
import { checkPorts } from "./check-ports.ts";
import { checkRuntime } from "./check-runtime.ts";
import { checkBuffer, checkClock } from "./check-system.ts";
import { examine } from "./examine.ts";
import type { Finding } from "./finding.ts";

const folder = mkdtempSync(join(tmpdir(), "fluoroscope-doctor-"));
afterAll(() => rmSync(folder, { recursive: true }));

function config(flags: Record<string, string> = {}): Config {
  const usual = { port: "0", otlpHttpPort: "0", otlpGrpcPort: "0", dataDir: folder };
  return readConfig({ flags: { ...usual, ...flags } }).config;
}

const kinds = (findings: readonly Finding[]): string[] => findings.map(({ kind }) => kind);

it("a port that another program has is in the way, and the flag for another is named", async () => {
  const other = createSocket("udp4").bind(0, "127.0.0.1");
  await once(other, "listening");
  const port = String(other.address().port);
  const findings = await checkPorts({ config: config({ port }), environment: {} });
  other.close();
  const udp = findings.find(({ subject }) => subject === `UDP ${port}`);
  expect(udp).toMatchObject({ kind: "trouble", remedy: expect.stringContaining("--port") });
  expect(findings.find(({ subject }) => subject === `TCP ${port}`)?.kind).toBe("fine");
});

it("ports are not tried while fluoroscope has them", async () => {
  const running = { version: "1", refused: 0, dropped: 0, lostBySystem: undefined };
  expect(await checkPorts({ config: config({ port: "2000" }), environment: {}, running })).toEqual([]);
});

it("an address that this machine has not is told with its remedy", async () => {
  const findings = await checkPorts({ config: config({ port: "34567", host: "203.0.113.7" }), environment: {} });
  expect(findings[0]).toMatchObject({ kind: "trouble", remedy: expect.stringContaining("--host") });
});

it("a folder that can be written is fine, even one that is not there yet, and nothing is left in it", async () => {
  chmodSync(folder, 0o700);
  for (const dataDir of [folder, join(folder, "to", "be")]) {
    const findings = await checkDataDir({ config: config({ dataDir, maxSize: "1KB" }), environment: {} });
    expect(findings[0]?.kind).toBe("fine");
    expect(findings.at(-1)).toMatchObject({ kind: "fine", subject: "disk" });
  }
  expect(readdirSync(folder)).toEqual([]);
});

it("a folder that others can read is worth a note", async () => {
  chmodSync(folder, 0o755);
  const findings = await checkDataDir({ config: config({ maxSize: "1KB" }), environment: {} });
  expect(findings).toContainEqual(expect.objectContaining({ kind: "note", remedy: `chmod 700 ${folder}` }));
});

it("a folder that cannot be written is in the way", async () => {
  // A file in the folder's place: root may write everywhere else.
  const dataDir = "/proc/1/nothing";
  const [finding] = await checkDataDir({ config: config({ dataDir }), environment: {} });
  expect(finding).toMatchObject({ kind: "trouble", remedy: expect.stringContaining("--data-dir") });
});

it("more than the disk has is a note with what to do", async () => {
  const findings = await checkDataDir({ config: config({ maxSize: "900TB" }), environment: {} });
  expect(findings.at(-1)).toMatchObject({ subject: "disk", remedy: expect.stringContaining("--max-size") });
  expect(findings.at(-1)?.kind).not.toBe("fine");
});

it("a small limit for socket buffers is told with the command that raises it", () => {
  const file = join(folder, "rmem_max");
  writeFileSync(file, "212992\n");
  expect(checkBuffer(file)[0]).toMatchObject({ kind: "note", remedy: "sudo sysctl -w net.core.rmem_max=33554432" });
  writeFileSync(file, "8388608\n");
  expect(kinds(checkBuffer(file))).toEqual(["fine"]);
  expect(checkBuffer(join(folder, "not-there"))).toEqual([]);
});

it("a clock that is past or jumps is noticed", async () => {
  expect((await checkClock(() => Date.UTC(2001, 0, 1))).kind).toBe("trouble");
  let jumped = 0;
  const jumping = (): number => Date.UTC(2030, 0, 1) + performance.now() + 5_000 * jumped++;
  expect(await checkClock(jumping)).toMatchObject({ kind: "note", text: expect.stringContaining("jumped") });
});

it("variables that silence SDKs, send elsewhere or are misspelt are told", () => {
  const environment = {
    FLUOROSCOPE_PROT: "2000",
    FLUOROSCOPE_KEY: "id:secret",
    FLUOROSCOPE_DAEMON_SPILL_DIR: "x",
    AWS_XRAY_SDK_ENABLED: "FALSE",
    OTEL_TRACES_EXPORTER: "none",
    AWS_XRAY_DAEMON_ADDRESS: "tcp:127.0.0.1:2000 udp:127.0.0.1:2001",
  };
  const found = checkEnvironment({ config: config({ port: "2100" }), environment });
  expect(found.map(({ text }) => text.split(" ")[0])).toEqual([
    "FLUOROSCOPE_PROT",
    "AWS_XRAY_SDK_ENABLED",
    "OTEL_TRACES_EXPORTER",
    "AWS_XRAY_DAEMON_ADDRESS",
  ]);
  expect(kinds(checkEnvironment({ config: config({ port: "2001" }), environment: {} }))).toEqual(["fine"]);
});

it("an old Node is in the way, this one is not", async () => {
  expect((await checkRuntime("20.18.9"))[0]?.kind).toBe("trouble");
  expect(kinds(await checkRuntime())).toEqual(["fine", "fine"]);
});

it("whatever is not fine has a remedy, and a running fluoroscope's losses are told", async () => {
  const running = { version: "1", refused: 3, dropped: 2, lostBySystem: 1 };
  const findings = await examine({ config: config({ maxSize: "900TB" }), environment: {}, running });
  expect(findings.filter(({ kind, remedy }) => kind !== "fine" && remedy === undefined)).toEqual([]);
  expect(findings.slice(0, 4).map(({ kind }) => kind)).toEqual(["fine", "note", "trouble", "trouble"]);
});
