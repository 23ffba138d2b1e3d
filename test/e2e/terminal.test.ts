import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { type RunningUp, startUp } from "../interop/running-up.ts";
import { cli, mainPath } from "./run-cli.ts";

/** The built program, beside a running fluoroscope and a web server. */
let running: RunningUp;
let web: Server;
let url: string;
let env: Record<string, string>;

beforeAll(async () => {
  running = await startUp();
  web = createServer((request, response) => {
    response.writeHead(Number(request.url?.slice(1)) || 200, { "content-type": "text/plain" }).end("hello\n");
  });
  await new Promise<void>((resolve) => web.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
  env = { AWS_ENDPOINT_URL_XRAY: running.http, AWS_XRAY_DAEMON_ADDRESS: running.udp };
});
afterAll(async () => {
  web?.closeAllConnections();
  web?.close();
  await running?.close();
});

/** Makes a call whose trace the server has, and answers its id. */
async function aTrace(path = "/200"): Promise<string> {
  const { stdout } = await cli(["call", "-s", "-o", "/dev/null", "-w", "%{trace_id} %{trace_whole}", url + path], {
    env,
  });
  const [id, isWhole] = stdout.split(" ");
  expect(isWhole).toBe("yes");
  return id!;
}

/** The program while it runs. */
function started(words: readonly string[], more: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, [mainPath, ...words], {
    env: { PATH: process.env.PATH ?? "", HOME: "/nonexistent", LANG: "C.UTF-8", ...env, ...more },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const ended = once(child, "close") as Promise<[number | null]>;
  onTestFinished(() => void child.kill("SIGKILL"));
  return { child, ended, stdout: () => stdout, stderr: () => stderr };
}

describe("call --assert", () => {
  it("is exit code 0 where it is so, and 4 where it is not, with what is the case", async () => {
    const words = ["call", "-n", "5", "--assert", "p95<60s", "--assert", "faults==0"];
    expect(await cli([...words, `${url}/200`], { env })).toMatchObject({ code: 0, stderr: "" });
    const { code, stderr } = await cli([...words, `${url}/503`], { env });
    expect([code, stderr]).toEqual([4, "fluoroscope: Not met: faults==0 (5).\n"]);
    const drawn = await cli([...words, "--draw", `${url}/503`], { env });
    expect(drawn.code).toBe(4);
    expect(drawn.stdout).toMatch(/\n✓ p95<60s +\S+ m?s\n✖ faults==0 +5\n/);
  });

  it("holds one call to it as well, and tells JSON's readers", async () => {
    expect((await cli(["call", "--assert", "status==200", `${url}/404`], { env })).code).toBe(4);
    const { stdout, code } = await cli(["call", "-n", "2", "--assert", "status==404", `${url}/404`, "--json"], { env });
    expect([code, JSON.parse(stdout).assertions]).toEqual([0, [{ text: "status==404", isMet: true, value: 404 }]]);
  });

  it("does not hide that nobody answered, and is a mistake where it cannot be read", async () => {
    expect((await cli(["call", "-s", "--assert", "faults==1", "http://127.0.0.1:9/"], { env })).code).toBe(2);
    const { code, stderr } = await cli(["call", "--assert", "p95<soon", url], { env });
    expect(code).toBe(1);
    expect(stderr).toContain('"p95<soon" is no assertion.');
  });
});

describe("call -w", () => {
  it("knows what only the trace tells", async () => {
    const format = "%{http_code}|%{critical_path}|%{trace_segments}|%{trace_url}";
    const { stdout } = await cli(["call", "-s", "-o", "/dev/null", "-w", format, url], { env });
    const [status, path, segments, link] = stdout.split("|");
    expect([status, segments]).toEqual(["200", "1"]);
    expect(path).toMatch(/\d %/);
    expect(link).toMatch(new RegExp(`^${running.http}/trace/1-`));
    const alone = await cli(["call", "-s", "-o", "/dev/null", "-w", "[%{critical_path}]", url]);
    expect(alone.stdout).toBe("[]");
  });
});

describe("call --format", () => {
  it("writes the trace in other forms, with or without a fluoroscope", async () => {
    const md = await cli(["call", "--format", "md", `${url}/503`], { env });
    expect(md.stdout).toMatch(/^# 503 GET /);
    expect(md.stdout).toContain(`(<${running.http}/trace/1-`);
    const logfmt = await cli(["call", "--format", "logfmt", url]);
    expect(logfmt.stdout).toMatch(/ kind=segment service=call-cli /);
    const otlp = await cli(["call", "--format", "otlp", url], { env });
    expect(JSON.parse(otlp.stdout)).toHaveProperty("resourceSpans");
    const xray = await cli(["call", "--format", "xray", url], { env });
    expect(JSON.parse(xray.stdout)).toMatchObject({ Traces: [{ Segments: [{}] }] });
    const lines = (await cli(["call", "--ndjson", "-n", "3", url], { env })).stdout.trim().split("\n");
    expect(lines.map((line) => JSON.parse(line).status)).toEqual([200, 200, 200]);
  });
});

describe("call --watch", () => {
  it("calls again after each change, until it is interrupted", async () => {
    const folder = mkdtempSync(join(tmpdir(), "fluoroscope-watch-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const watching = started(["call", "--watch", folder, url]);
    await vi.waitFor(() => expect(watching.stdout()).toBe("hello\n"), { timeout: 20_000 });
    let [times, calls] = [0, 1];
    await vi.waitFor(
      () => {
        // A change before the watching has begun is not seen, so there are more until one is.
        writeFileSync(join(folder, "app.js"), String(times++));
        calls = watching.stdout().split("\n").length - 1;
        expect(calls).toBeGreaterThan(1);
      },
      { timeout: 20_000, interval: 500 },
    );
    watching.child.kill("SIGINT");
    expect((await watching.ended)[0]).toBe(130);
  });

  it("of something that is not there is a mistake", async () => {
    const { code, stderr } = await cli(["call", "--watch", "/nonexistent/x", url], { env });
    expect([code, stderr]).toEqual([
      1,
      'fluoroscope: "/nonexistent/x" cannot be watched (ENOENT). Name a file or a folder behind --watch.\n',
    ]);
  });
});

describe("tail", () => {
  it("shows traces that match as they come, and ends when there are enough", async () => {
    const tail = started(["tail", 'service("127.0.0.1") { fault }', "--limit", "2", "--ndjson"]);
    const ids: string[] = [];
    await vi.waitFor(
      async () => {
        await aTrace("/200");
        ids.push(await aTrace("/503"));
        expect(tail.child.exitCode).toBe(0);
      },
      { timeout: 60_000, interval: 100 },
    );
    const seen = tail.stdout().trim().split("\n");
    expect(seen).toHaveLength(2);
    for (const line of seen) expect(ids).toContain((JSON.parse(line) as { Id: string }).Id);
  });

  it("is lines for people otherwise, and ends with Ctrl-C", async () => {
    const tail = started(["tail"]);
    await vi.waitFor(
      async () => {
        const id = await aTrace();
        expect(tail.stdout()).toMatch(/^\d\d:\d\d:\d\d {2}● .* 1-[0-9a-f]{8}-[0-9a-f]{24}\n/);
        expect(id).toBeDefined();
      },
      { timeout: 60_000, interval: 100 },
    );
    tail.child.kill("SIGINT");
    expect((await tail.ended)[0]).toBe(130);
  });

  it("with a filter that cannot be read, or nobody there, says so", async () => {
    const mistaken = await cli(["tail", "fualt"], { env });
    expect([mistaken.code, mistaken.stderr.split("\n").slice(1)]).toEqual([1, ["  fualt", "  ^", ""]]);
    expect(await cli(["tail"])).toMatchObject({ code: 2, stdout: "" });
  });
});

describe("diff", () => {
  it("compares two traces, as a drawing and as JSON", async () => {
    const [a, b] = [await aTrace("/200"), await aTrace("/503")];
    const { code, stdout } = await cli(["diff", a, b], { env });
    expect(code).toBe(0);
    expect(stdout).toMatch(/\nCompared +A +B +B-A\n/);
    expect(stdout.replace(/\n {7}/g, "")).toContain(`Open   ${running.http}/compare?a=${a}&b=${b}\n`);
    expect(JSON.parse((await cli(["diff", a, b, "--json"], { env })).stdout)).toMatchObject({
      a,
      b,
      rows: [{}, {}, {}, {}, {}],
    });
    const absent = "1-00000001-000000000000000000000001";
    expect((await cli(["diff", a, absent], { env })).code).toBe(3);
  });
});

describe("open", () => {
  it("prints where the console shows something, and opens nothing in a pipe", async () => {
    const id = await aTrace();
    expect((await cli(["open"], { env })).stdout).toBe(`${running.http}/map\n`);
    expect((await cli(["open", id.toUpperCase()], { env })).stdout).toBe(`${running.http}/trace/${id}\n`);
    expect((await cli(["open", "traces", "--filter", "fault & ok"], { env })).stdout).toBe(
      `${running.http}/traces?filter=fault+%26+ok\n`,
    );
    expect((await cli(["open", "mpa"], { env })).stderr).toMatch(
      /^fluoroscope: "mpa" is neither a trace id nor a page\./,
    );
    expect((await cli(["open"])).code).toBe(2);
  });
});

describe("run", () => {
  it("starts a program that finds its way here, and shows its traces beside its output", async () => {
    const { code, stdout, stderr } = await cli(["run", process.execPath, mainPath, "call", "-u", `${url}/503`], {
      env,
    });
    expect([code, stdout]).toEqual([0, "hello\n"]);
    expect(stderr).toMatch(/^\d\d:\d\d:\d\d {2}\S .* 1-[0-9a-f]{8}-[0-9a-f]{24}\n/);
    expect(stderr).toMatch(new RegExp(`fluoroscope: \\d+ traces?; ${running.http}/traces\\.\n$`));
  });

  it("hands on the program's words, its environment and its exit code", async () => {
    const script = "console.log(JSON.stringify([process.argv.slice(1), process.env])); process.exit(7)";
    const { code, stdout } = await cli(["run", "--quiet", process.execPath, "-e", script, "--", "--limit", "a b"], {
      env,
    });
    const [words, seen] = JSON.parse(stdout) as [string[], Record<string, string>];
    expect([code, words]).toEqual([7, ["--limit", "a b"]]);
    expect(seen).toMatchObject({
      AWS_XRAY_DAEMON_ADDRESS: running.udp,
      AWS_ENDPOINT_URL_XRAY: running.http,
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf",
    });
    expect(seen.OTEL_EXPORTER_OTLP_ENDPOINT).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });

  it("passes signals on, and ends as the program does", async () => {
    const script =
      "process.on('SIGTERM', () => { console.log('told'); process.exit(3); }); console.log('up'); setInterval(() => {}, 1000);";
    const kind = started(["run", "--quiet", process.execPath, "-e", script]);
    await vi.waitFor(() => expect(kind.stdout()).toBe("up\n"), { timeout: 20_000 });
    kind.child.kill("SIGTERM");
    expect((await kind.ended)[0]).toBe(3);
    expect(kind.stdout()).toBe("up\ntold\n");
    expect((await cli(["run", "--quiet", "sh", "-c", "kill -9 $$"], { env })).code).toBe(137);
  });

  it("starts a fluoroscope where there is none, for as long as the program runs", async () => {
    const data = mkdtempSync(join(tmpdir(), "fluoroscope-run-"));
    onTestFinished(() => rmSync(data, { recursive: true }));
    // Nobody answers at port 0, and to be started there means anywhere.
    const own = { AWS_ENDPOINT_URL_XRAY: "http://127.0.0.1:0", FLUOROSCOPE_DATA_DIR: data };
    const words = ["run", process.execPath, mainPath, "call", "-u", url];
    const { code, stdout, stderr } = await cli(words, { env: own });
    expect([code, stdout]).toEqual([0, "hello\n"]);
    const [, http] = /^fluoroscope: Started for this program; the console is at (\S+)\.\n/.exec(stderr) ?? [];
    expect(stderr).toMatch(/\n\d\d:\d\d:\d\d {2}● .*\nfluoroscope: 1 trace; "fluoroscope up" shows them again\.\n$/);
    await expect(fetch(http!)).rejects.toThrow();
  });

  it("with --sdk has Node.js trace a program that knows nothing of tracing", async () => {
    const script = `
      const server = require("node:http").createServer((_, response) => response.end("ok"));
      server.listen(0, "127.0.0.1", async () => {
        const { port } = server.address();
        const answer = await fetch("http://127.0.0.1:" + port + "/from-the-sdk");
        console.log(await answer.text(), process.env.NODE_OPTIONS);
        server.close();
      });`;
    const more = { AWS_XRAY_TRACING_NAME: "untraced", NODE_OPTIONS: "--no-deprecation" };
    const { code, stdout, stderr } = await cli(["run", "--sdk", process.execPath, "-e", script], {
      env: { ...env, ...more },
    });
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^ok --no-deprecation --import file:.*register\.js\n$/)]);
    expect(stderr).toMatch(/^\d\d:\d\d:\d\d {2}● .*untraced/);
  });

  it("of a program that is not there is a shell's own exit code", async () => {
    const { code, stderr } = await cli(["run", "no-such-program"], { env });
    expect([code, stderr]).toEqual([
      127,
      'fluoroscope: "no-such-program" cannot be run: there is no such program. Check its name and permissions.\n',
    ]);
  });
});

describe("completion", () => {
  it("offers the ids of traces that are there", async () => {
    const id = await aTrace();
    const { stdout } = await cli(["completion", "words", "trace", id.slice(0, 12)], { env });
    expect(stdout.split("\n").map((line) => line.split("\t")[0])).toContain(id);
    expect((await cli(["completion", "bash"])).stdout).toContain("complete -F _fluoroscope fluoroscope");
  });
});

describe("on a terminal", () => {
  /** Runs a command on a pseudo-terminal of a width, as `script` makes one. */
  async function onTerminal(
    columns: number,
    words: readonly string[],
    more: Record<string, string> = {},
  ): Promise<string> {
    const quoted = [process.execPath, mainPath, ...words].map((word) => `'${word}'`).join(" ");
    const child = spawn("script", ["-qec", `stty cols ${columns}; ${quoted}`, "/dev/null"], {
      env: {
        PATH: process.env.PATH ?? "",
        HOME: "/nonexistent",
        LANG: "C.UTF-8",
        TERM: "xterm-256color",
        ...env,
        ...more,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let text = "";
    child.stdout.setEncoding("utf8").on("data", (piece: string) => {
      text += piece;
    });
    await once(child, "close");
    return text.replaceAll("\r\n", "\n");
  }

  it.each([60, 120])("of %i columns, drawings have colours and fit", async (columns) => {
    const id = await aTrace("/503");
    const text = await onTerminal(columns, ["trace", id]);
    expect(text).toContain("\u001b[31m✖\u001b[39m");
    expect(text).not.toContain("\u001b]8;;");
    const lines = stripVTControlCharacters(text).split("\n");
    expect(lines.some((line) => line.length > columns - 5)).toBe(true);
    expect(lines.filter((line) => line.length > columns)).toEqual([]);
  });

  it("colours and links go by what its user says", async () => {
    const id = await aTrace();
    const link = `\u001b]8;;${running.http}/trace/${id}\u001b\\`;
    expect(await onTerminal(120, ["trace", id], { FORCE_HYPERLINK: "1" })).toContain(link);
    expect(await onTerminal(120, ["trace", id], { TERM: "xterm-kitty" })).toContain(link);
    expect(await onTerminal(120, ["trace", id], { NO_COLOR: "1" })).not.toContain("\u001b[");
    expect(await onTerminal(120, ["trace", id, "--color", "never"])).not.toContain("\u001b[");
  });

  it("a call is drawn without being asked to, with a line of what is awaited that goes away", async () => {
    const text = await onTerminal(100, ["call", "-u", url]);
    expect(stripVTControlCharacters(text)).toMatch(/● 200 GET http:.*\n {2}trace 1-/);
    expect(text).toContain("Waiting for the trace");
    expect(text).toContain("\r\u001b[K");
  });
});
