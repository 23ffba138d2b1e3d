import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { emitter } from "../../src/call/emit-segment.ts";
import { openSegment } from "../../src/call/segment-recorder.ts";
import { commandTable } from "../../src/cli/command-table.ts";
import { type RunningUp, startUp } from "../interop/running-up.ts";
import { cli } from "./run-cli.ts";

const commands = commandTable.map(({ name }) => name).filter((name) => name !== "daemon");

describe("help", () => {
  it("without a command lists all commands", async () => {
    const { code, stdout, stderr } = await cli([]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    for (const name of commands) expect(stdout).toMatch(new RegExp(`^  ${name} +\\S`, "m"));
    expect((await cli(["--help"])).stdout).toBe(stdout);
  });

  it.each(commands)(
    "of %s has an example and the exit codes, and fits 80 columns but for the examples",
    async (name) => {
      const { code, stdout } = await cli([name, "--help"]);
      expect(code).toBe(0);
      expect(stdout).toMatch(/\nExamples?:\n {2}fluoroscope /);
      expect(stdout).toMatch(/\nExit codes:\n {2}0 {3}done\n/);
      for (const line of stdout.split("\n"))
        if (!line.startsWith("  fluoroscope")) expect(line.length).toBeLessThanOrEqual(80);
      expect((await cli(["help", name])).stdout).toBe(stdout);
    },
  );

  it("the version is the package's", async () => {
    const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
    expect((await cli(["--version"])).stdout).toBe(`${version}\n`);
  });
});

describe("a mistake", () => {
  it.each([
    [["trace"], /^fluoroscope: Missing required argument 'id'\. See fluoroscope trace --help\.\n$/],
    [["mpa"], /^fluoroscope: There is no command "mpa"\. Did you mean "map"\? See fluoroscope --help\.\n$/],
    [
      ["up", "--prot", "1"],
      /^fluoroscope: Unknown option '--prot'\. Did you mean "--port"\? See fluoroscope up --help\.\n$/,
    ],
    [
      ["up", "--port", "70000"],
      /^fluoroscope: --port is "70000", which does not fit\. Write a number from 0 to 65535\.\n$/,
    ],
    [["map", "--since", "soon"], /^fluoroscope: "soon" is no duration\. Write it as 90s, 15m, 6h or 2d\.\n$/],
    [["trace", "nonsense"], /^fluoroscope: "nonsense" is no trace id\. .*\n$/],
    [["map", "--color", "blue"], /^fluoroscope: Option '--color <when>' argument 'blue' is invalid\. .*\n$/],
    [["map", "a", "b"], /^fluoroscope: Too many arguments.*\n$/],
  ])("%j is one sentence and exit code 1", async (words, sentence) => {
    const { code, stdout, stderr } = await cli(words);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(sentence);
  });

  it.each(["map", "traces", "problems"])("%s without a fluoroscope says how to start one", async (name) => {
    const { code, stderr } = await cli([name]);
    expect(code).toBe(2);
    expect(stderr).toBe(
      'fluoroscope: No fluoroscope answers at http://127.0.0.1:9 (ECONNREFUSED). Start one with "fluoroscope up", or say where it is with --endpoint.\n',
    );
  });
});

describe("config", () => {
  it("shows each value and where it comes from", async () => {
    const { stdout } = await cli(["config", "--port", "2100"], { env: { FLUOROSCOPE_RETENTION: "1d" } });
    expect(stdout).toMatch(/\n--port +2100 +option\n/);
    expect(stdout).toMatch(/\n--retention +86400 +\$FLUOROSCOPE_RETENTION\n/);
    expect(stdout).toMatch(/\n--host +127\.0\.0\.1 +default\n/);
  });

  it("as JSON has the settings' own names", async () => {
    const { stdout } = await cli(["config", "--json", "--ephemeral"]);
    expect(JSON.parse(stdout)).toMatchObject({
      port: { value: 2000, from: { kind: "default" } },
      ephemeral: { value: true, from: { kind: "flag", name: "--ephemeral" } },
    });
  });
});

describe("a server that wants an access key", () => {
  const keyOf = (access: string): string => `AKID${access.toUpperCase()}:sixteen-letters-${access}`;
  let running: RunningUp;
  beforeAll(async () => {
    running = await startUp({ FLUOROSCOPE_KEYS: `${keyOf("read")}:read,${keyOf("write")}:write` });
  });
  afterAll(() => running?.close());
  const map = (key: string) => cli(["map"], { env: { AWS_ENDPOINT_URL_XRAY: running.http, FLUOROSCOPE_KEY: key } });

  it("gets the one in FLUOROSCOPE_KEY", async () => {
    expect(await map(keyOf("read"))).toMatchObject({ code: 0, stderr: "" });
  });

  it.each([
    ["", /refuses \(HTTP 403\): This server wants requests that are signed with one of its access keys\./],
    ["AKIDREAD:another", /refuses \(HTTP 401\): There is no such access key here/],
    [keyOf("write"), /refuses \(HTTP 403\): The access key AKIDWRITE is for writing alone\./],
  ])("says what is wrong with the key %j, and never the key's secret", async (key, reason) => {
    const { code, stdout, stderr } = await map(key);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(reason);
    expect(stderr).not.toContain("letters");
  });
});

describe("asked about traces", () => {
  let running: RunningUp;
  let env: Record<string, string>;
  let id: string;

  beforeAll(async () => {
    running = await startUp();
    env = { AWS_ENDPOINT_URL_XRAY: running.http };
    const emit = emitter(running.udp);
    const http = { request: { method: "GET\u001b[31m", url: "http://shop/orders" } };
    const shop = openSegment({ name: "shop", http });
    shop
      .subsegment("stock", { namespace: "remote", http: { request: { method: "GET", url: "http://stock/" } } })
      .close({ status: 503 });
    shop.close({ status: 500 });
    id = shop.traceId;
    await emit.send(shop.document());
    await emit.send({ id: "nonsense", name: "shop", start_time: 1 });
    emit.close();
    await vi.waitFor(async () => expect((await cli(["traces"], { env })).stdout).toContain(id), { timeout: 20_000 });
  });
  afterAll(() => running.close());

  it("map draws the services, and takes a filter", async () => {
    const { code, stdout } = await cli(["map"], { env });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Service map +last 15 min, p95 {2}\(2 services, 2 faults\)\n/);
    expect(stdout).toMatch(/│ client ├─+\S+▶│ shop ✖ ├─+\S+▶│ stock ✖ │/);
    expect((await cli(["map", 'service("shop") { fault }'], { env })).stdout).toContain("shop ✖");
    expect((await cli(["map", "ok"], { env })).stdout).toMatch(/^No traces match in the last 15 min\./);
    expect(JSON.parse((await cli(["map", "--json"], { env })).stdout)).toHaveProperty("Services");
  });

  it("traces lists them, hostile names made harmless", async () => {
    const { code, stdout } = await cli(["traces"], { env });
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`\\n\\d\\d:\\d\\d:\\d\\d {2}✖ {3}500 .*GET␛\\[31M /.* ${id}\\n`));
    expect(stdout).not.toContain("\u001b");
    expect(JSON.parse((await cli(["traces", "fault", "--limit", "1", "--json"], { env })).stdout)).toMatchObject([
      { Id: id },
    ]);
  });

  it("a filter that cannot be read has a caret under the character", async () => {
    for (const name of ["map", "traces"]) {
      const { code, stdout, stderr } = await cli([name, 'service("shop") AND fualt'], { env });
      expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
      const [sentence, filter, caret] = stderr.split("\n");
      expect(sentence).toMatch(/^fluoroscope: \S/);
      expect(filter).toBe('  service("shop") AND fualt');
      expect(caret).toBe(`${" ".repeat(2 + 'service("shop") AND '.length)}^`);
    }
  });

  it("trace draws one, in either spelling of its id", async () => {
    for (const spelling of [id, id.toUpperCase(), id.slice(2).replace("-", "")]) {
      const { code, stdout } = await cli(["trace", spelling], { env });
      expect(code).toBe(0);
      expect(stdout).toContain("Why    stock answered 503 to GET /");
      expect(stdout).toContain(`Open   ${running.http}/trace/${id}\n`);
    }
    expect(JSON.parse((await cli(["trace", id, "--json"], { env })).stdout)).toMatchObject({
      id,
      isPartial: false,
      documents: [{ name: "shop" }],
    });
  });

  it("a trace that is not there is exit code 3", async () => {
    const absent = "1-00000001-000000000000000000000001";
    const { code, stderr } = await cli(["trace", absent], { env });
    expect(code).toBe(3);
    expect(stderr).toBe(
      `fluoroscope: There is no trace ${absent} at ${running.http}. "fluoroscope traces" lists those there are.\n`,
    );
  });

  it("problems explains what was refused", async () => {
    const { code, stdout } = await cli(["problems"], { env });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^1 problem: 1 \w+\n\n\d\d:\d\d:\d\d {2}\w+ {2}udp/);
    expect(stdout).toContain('{"id":"nonsense"');
    expect(JSON.parse((await cli(["problems", "--json"], { env })).stdout).problems).toHaveLength(1);
  });

  it("up on a port that is taken says so, and ends with 2", async () => {
    const port = new URL(running.http).port;
    const { code, stderr } = await cli(["up", "--port", port, "--ephemeral"]);
    expect(code).toBe(2);
    expect(stderr).toMatch(new RegExp(`fluoroscope: .*port ${port} .*is in use`));
  });

  it("an endpoint that is not fluoroscope is told as such", async () => {
    const { code, stderr } = await cli(["map", "--endpoint", `${running.http}/elsewhere`]);
    expect(code).toBeGreaterThan(0);
    expect(stderr.trim()).not.toContain("\n");
  });
});

it("the reference page names every option of every command", async () => {
  const page = readFileSync(new URL("../../docs/reference/cli.md", import.meta.url), "utf8");
  const settings = readFileSync(new URL("../../docs/reference/config.md", import.meta.url), "utf8");
  for (const name of commands) {
    const { stdout } = await cli([name, "--help"]);
    for (const [, option] of stdout.matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm)) {
      expect(`${page}${settings}`).toContain(option);
    }
  }
});
