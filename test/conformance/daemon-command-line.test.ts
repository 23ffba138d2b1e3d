import { type ChildProcess, spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, expect, it } from "vitest";

/** What was seen of the original on its command line, of the program from its sources, in a process of its own. */
const main = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));
const tsx = fileURLToPath(new URL("../../node_modules/tsx/dist/loader.mjs", import.meta.url));
const logLine = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d) \[(?:Debug|Info|Warn|Error)\] \S.*$/;

const folder = mkdtempSync(join(tmpdir(), "fluoroscope-command-line-"));
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Program {
  readonly child: ChildProcess;
  readonly output: { stdout: string; stderr: string };
  readonly ended: Promise<{ code: number | null; stdout: string; stderr: string }>;
  /** Waits for a line of standard output, and answers what its group holds. */
  said(line: RegExp): Promise<string>;
}

function start(words: readonly string[], env: Readonly<Record<string, string>> = {}, program = main): Program {
  const surroundings = { PATH: process.env.PATH ?? "", HOME: folder, AWS_EC2_METADATA_DISABLED: "true", ...env };
  const named = program === main ? ["daemon", ...words] : words;
  const child = spawn(process.execPath, ["--import", tsx, program, ...named], { env: surroundings, cwd: folder });
  children.push(child);
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name]!.setEncoding("utf8").on("data", (text: string) => {
      output[name] += text;
    });
  }
  return {
    child,
    output,
    ended: once(child, "close").then(([code]) => ({ code: code as number | null, ...output })),
    async said(line) {
      await expect.poll(() => output.stdout + output.stderr, { timeout: 30_000 }).toMatch(line);
      return line.exec(output.stdout + output.stderr)?.[1] ?? "";
    },
  };
}

const run = (words: readonly string[], env?: Readonly<Record<string, string>>): Program["ended"] =>
  start(words, env).ended;

/** As a daemon that sends nowhere, on ports of its own. */
const quiet = ["-o", "--to", "http://127.0.0.1:9", "-b", "127.0.0.1:0", "-t", "127.0.0.1:0", "--no-spill"];

it("-v says which version it is, on standard output, and ends with 0", async () => {
  const { code, stdout, stderr } = await run(["-v"]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toMatch(/^fluoroscope X-Ray daemon version: \d+\.\d+\.\d+\n$/);
});

it("-h shows every flag of the original in its form, on standard output, and ends with 0", async () => {
  const { code, stdout, stderr } = await run(["-h"]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toMatch(/^Usage: fluoroscope daemon \[options\]\n/);
  const rows = [...stdout.matchAll(/^\t-(\w)\t--([\w-]+)\t+\S/gm)].map(([, short, long]) => `${short} ${long}`);
  expect(rows.toSorted()).toEqual([
    "a resource-arn",
    "b bind",
    "c config",
    "f log-file",
    "h help",
    "l log-level",
    "m buffer-memory",
    "n region",
    "o local-mode",
    "p proxy-address",
    "r role-arn",
    "t bind-tcp",
    "v version",
  ]);
});

it.each([
  [["--zz"], "flag provided but not defined: -zz\n"],
  [["-m", "much"], 'invalid value "much" for flag -m: parse error\n'],
])("%j ends with 2: the reason on standard error, the flags on standard output", async (words, reason) => {
  const { code, stdout, stderr } = await run(words);
  expect({ code, stderr }).toEqual({ code: 2, stderr: reason });
  expect(stdout).toMatch(/^Usage: /);
});

it("a file that does not fit ends it with 1: a line of the log on standard error, and in the file of -f", async () => {
  writeFileSync(join(folder, "wrong.yaml"), "Version: 7\n");
  const log = join(folder, "logs", "xray.log");
  const { code, stdout, stderr } = await run(["-c", "wrong.yaml", "-f", log]);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  for (const text of [stderr, readFileSync(log, "utf8")]) {
    expect(text.trimEnd()).toMatch(logLine);
    expect(text).toContain("[Error] The configuration file wrong.yaml has a Version that is neither 1 nor 2.");
  }
});

it("no region ends it with 1, and the log says what would help", async () => {
  const { code, stdout } = await run(["-o", "-b", "127.0.0.1:0", "-t", "127.0.0.1:0", "--no-spill"]);
  expect(code).toBe(1);
  expect(stdout).toMatch(/\[Error\] No region .* Say -n REGION, set AWS_REGION/);
});

it("an ECS file without a task is a line of the log, not a stack trace", async () => {
  const file = join(folder, "ecs.json");
  writeFileSync(file, "{}");
  const env = { ECS_ENABLE_CONTAINER_METADATA: "true", ECS_CONTAINER_METADATA_FILE: file };
  const { code, stdout, stderr } = await run(["-b", "127.0.0.1:0", "-t", "127.0.0.1:0", "--no-spill"], env);
  expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
  expect(stdout).toMatch(/\[Warn\] the ECS metadata file names no TaskARN/);
  for (const line of stdout.trimEnd().split("\n")) expect(line).toMatch(logLine);
});

it("a UDP port that is taken ends it with 1, and says which", async () => {
  const taken = createSocket("udp4");
  await new Promise<void>((resolve) => taken.bind(0, "127.0.0.1", resolve));
  const { port } = taken.address();
  const { code, stdout } = await run([...quiet, "-b", `127.0.0.1:${port}`]);
  taken.close();
  expect(code).toBe(1);
  expect(stdout).toMatch(new RegExp(`\\[Error\\] UDP port ${port} on 127\\.0\\.0\\.1 is in use`));
});

it("called by the name xray it is the daemon", async () => {
  const link = join(folder, "xray");
  symlinkSync(main, link);
  const { code, stdout } = await start(["-v"], {}, link).ended;
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining("X-Ray daemon version: ") });
});

it("it starts, says so in the original's order, answers --healthcheck, and ends with 0 on SIGTERM", async () => {
  const { ended, said, child, output } = start(
    ["-o", "--to", "aws", "--endpoint", "http://127.0.0.1:9", "-n=eu-west-1", "-b", "127.0.0.1:0", "-t", "127.0.0.1:0"],
    { AWS_REGION: "eu-west-2", AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "b", TZ: "UTC" },
  );
  const tcp = await said(/Starting proxy http server on (\S+)\n/);
  await said(/ is ready/);
  const lines = output.stdout.trimEnd().split("\n");
  const order = [
    "Initializing fluoroscope daemon",
    "Using buffer memory limit of ",
    "Using region: eu-west-1",
    "HTTP Proxy server using X-Ray Endpoint : http://127.0.0.1:9",
    "Starting proxy http server on ",
  ].map((words) => lines.findIndex((line) => line.includes(`[Info] ${words}`)));
  expect(order).not.toContain(-1);
  expect(order).toEqual(order.toSorted((a, b) => a - b));
  for (const line of lines) expect(line).toMatch(logLine);

  expect(await run(["--healthcheck", "-t", tcp])).toMatchObject({ code: 0, stdout: expect.stringContaining("ready") });
  child.kill("SIGTERM");
  expect((await ended).code).toBe(0);
  expect((await run(["--healthcheck", "-t", tcp])).code).toBe(1);
});

const hasIpv6 = Object.values(networkInterfaces())
  .flat()
  .some((each) => each?.address === "::1");

it.skipIf(!hasIpv6 && !process.env.CI)(
  `it listens on IPv6, and on every address${hasIpv6 ? "" : " (skipped: this machine has no ::1)"}`,
  async () => {
    const words = ["-o", "--to", "http://127.0.0.1:9", "--no-spill", "-b", "[::1]:0", "-t", ":0"];
    const { said } = start(words);
    expect(await said(/X-Ray UDP (\S+),/)).toMatch(/^\[::1\]:[1-9]\d*$/);
    const port = (await said(/Starting proxy http server on (\S+)\n/)).split(":").at(-1);
    for (const host of ["127.0.0.1", "[::1]"]) expect((await fetch(`http://${host}:${port}/healthz`)).status).toBe(200);
  },
);

it("SIGHUP opens the log file anew and heeds what has changed; a file that does not fit changes nothing", async () => {
  const config = join(folder, "changing.yaml");
  const log = join(folder, "changing.log");
  const content = `Version: 2\nLogging:\n  LogPath: ${log}\n`;
  const text = (): string => (existsSync(log) ? readFileSync(log, "utf8") : "");
  const eventually = { timeout: 30_000 };
  writeFileSync(config, content);
  const { child, ended, output } = start([...quiet, "-c", config]);
  await expect.poll(text, eventually).toMatch(/ is ready/);

  renameSync(log, `${log}.old`);
  child.kill("SIGHUP");
  await expect.poll(text, eventually).toMatch(/^\S+ \[Info\] Configuration read again\n/m);
  expect(text()).not.toMatch(/ is ready/);

  writeFileSync(config, "Version: 9\n");
  child.kill("SIGHUP");
  await expect.poll(text, eventually).toMatch(/\[Error\] .*neither 1 nor 2.* Going on as before\./);

  writeFileSync(config, `${content}Fluoroscope:\n  LogFormat: json\n`);
  child.kill("SIGHUP");
  await expect.poll(text, eventually).toMatch(/^\{"level":"info",.*"msg":"configuration read again"\}$/m);

  child.kill("SIGTERM");
  expect((await ended).code).toBe(0);
  expect(output).toEqual({ stdout: "", stderr: "" });
});

it("a second signal ends it at once, whatever it still has to send", async () => {
  const { child, said, ended } = start([...quiet, "--shutdown-timeout", "10m"]);
  const address = await said(/X-Ray UDP (\S+),/);
  await said(/ is ready/);
  const socket = createSocket("udp4");
  socket.send('{"format":"json","version":1}\n{}', Number(address.split(":")[1]), "127.0.0.1", () => socket.close());
  await once(socket, "close");
  child.kill("SIGTERM");
  await said(/Stopping after SIGTERM/);
  child.kill("SIGTERM");
  await ended;
  expect(child.signalCode).toBe("SIGTERM");
});

it("a log file that cannot be written is told of on standard error, and the daemon runs on", async () => {
  writeFileSync(join(folder, "blocker"), "");
  const { child, said, ended } = start([...quiet, "-f", join(folder, "blocker", "xray.log")]);
  await said(/ is ready/);
  child.kill("SIGINT");
  const { code, stderr } = await ended;
  expect(code).toBe(0);
  expect(stderr).toMatch(/^fluoroscope: The log file .* cannot be written/);
});
