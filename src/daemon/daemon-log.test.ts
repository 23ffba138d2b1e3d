import {
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, expect, it, vi } from "vitest";
import { createDaemonLog, type DaemonLog, type LogConfig } from "./daemon-log.ts";

const folder = mkdtempSync(join(tmpdir(), "fluoroscope-log-"));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => vi.unstubAllEnvs());

const plain: LogConfig = { logLevel: "dev", logRotation: true, logFormat: "text" };

function aLog(config: Partial<LogConfig> = {}): { log: DaemonLog; out: string[]; errors: string[] } {
  const out: string[] = [];
  const errors: string[] = [];
  const log = createDaemonLog(
    { ...plain, ...config },
    {
      writeOut: (line) => out.push(line),
      writeError: (line) => errors.push(line),
      now: () => Date.UTC(2023, 10, 14, 22, 13, 20, 999),
    },
  );
  return { log, out, errors };
}

it("a line has the original's form, and facts behind it", () => {
  vi.stubEnv("TZ", "UTC");
  const { log, out } = aLog();
  log.debug({}, "a");
  log.info({ documents: 50, name: "aws eu-west-1" }, "sent");
  log.warn({}, "b");
  log.error({ text: "All in one sentence." }, "short");
  expect(out).toEqual([
    "2023-11-14T22:13:20Z [Debug] a\n",
    '2023-11-14T22:13:20Z [Info] sent documents=50 name="aws eu-west-1"\n',
    "2023-11-14T22:13:20Z [Warn] b\n",
    "2023-11-14T22:13:20Z [Error] All in one sentence.\n",
  ]);
});

it.each([
  ["Europe/Berlin", "2023-11-14T23:13:20+01:00"],
  ["America/St_Johns", "2023-11-14T18:43:20-03:30"],
  ["Asia/Kolkata", "2023-11-15T03:43:20+05:30"],
])("in %s the time is %s", (zone, time) => {
  vi.stubEnv("TZ", zone);
  const { log, out } = aLog();
  log.info({}, "x");
  expect(out).toEqual([`${time} [Info] x\n`]);
});

it.each([
  ["dev", 4],
  ["debug", 4],
  ["info", 3],
  ["prod", 3],
  ["warn", 2],
  ["error", 1],
] as const)("level %s has %d of the four", (logLevel, lines) => {
  const { log, out } = aLog({ logLevel });
  log.debug({}, "a");
  log.info({}, "b");
  log.warn({}, "c");
  log.error({}, "d");
  expect(out.length).toBe(lines);
});

it.each(["text", "json"] as const)(
  "in %s no text that came from elsewhere can forge a line or move the cursor",
  (logFormat) => {
    const { log, out } = aLog({ logFormat });
    log.info({ name: "a\n2023-11-14T22:13:20Z [Info] forged\u001b[2J\u009b\u202e\u2028" }, "seen\r\n");
    log.info({ text: "b\nforged" }, "c");
    expect(out.length).toBe(2);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there.
    for (const line of out) expect(line).toMatch(/^[^\u0000-\u001f\u007f-\u009f\u2028\u202e]+\n$/);
  },
);

it("a JSON line is JSON, whatever it holds", () => {
  const { log, out } = aLog({ logFormat: "json" });
  log.warn({ name: 'a"\n\u0085\u202e' }, "seen");
  expect(JSON.parse(out[0]!)).toEqual({
    level: "warn",
    time: "2023-11-14T22:13:20.999Z",
    msg: "seen",
    name: 'a"\n\u0085\u202e',
  });
});

it("a warning that repeats is said once, and a minute later how often it came", () => {
  vi.useFakeTimers();
  try {
    const { log, out } = aLog();
    for (let n = 0; n < 5; n += 1) log.warn({ text: "Full." }, "full");
    expect(out.length).toBe(1);
    vi.advanceTimersByTime(60_000);
    expect(out[1]).toMatch(/\[Warn\] Full\. timesInLastMinute=4\n$/);
  } finally {
    vi.useRealTimers();
  }
});

it("a file gets the lines, and its folders are made", () => {
  const logPath = join(folder, "a", "b", "xray.log");
  const { log, out } = aLog({ logPath });
  log.info({}, "one");
  log.info({}, "two");
  log.close();
  log.close();
  expect(readFileSync(logPath, "utf8")).toMatch(/\[Info\] one\n.*\[Info\] two\n$/);
  expect(out).toEqual([]);
});

it("what is in the file already stays", () => {
  const logPath = join(folder, "kept.log");
  writeFileSync(logPath, "before\n");
  const { log } = aLog({ logPath });
  log.info({}, "after");
  log.close();
  expect(readFileSync(logPath, "utf8")).toMatch(/^before\n.*after\n$/);
});

it.each([true, false])("at 50 MB a new file begins and one old one is kept, if rotation is %s", (logRotation) => {
  const logPath = join(folder, `rotated-${logRotation}.log`);
  writeFileSync(logPath, "");
  truncateSync(logPath, 50 * 2 ** 20 - 10);
  writeFileSync(`${logPath}.1`, "older");
  const { log } = aLog({ logPath, logRotation });
  log.info({}, "new");
  log.close();
  expect(statSync(logPath).size < 100).toBe(logRotation);
  expect(statSync(`${logPath}.1`).size).toBe(logRotation ? 50 * 2 ** 20 - 10 : 5);
});

it("a file that cannot be written is told of once, and standard output gets the lines", () => {
  const blocker = join(folder, "blocker");
  writeFileSync(blocker, "");
  const { log, out, errors } = aLog({ logPath: join(blocker, "xray.log") });
  log.info({}, "one");
  log.info({}, "two");
  expect(out.length).toBe(2);
  expect(errors).toEqual([expect.stringMatching(/^fluoroscope: The log file .*xray\.log cannot be written \(E.*\n$/)]);
  expect(existsSync(join(blocker, "xray.log"))).toBe(false);
});

it("opening anew goes on in a new file after a rotation from outside, and with a new level", () => {
  const logPath = join(folder, "moved.log");
  const { log } = aLog({ logPath, logLevel: "warn" });
  log.error({}, "one");
  renameSync(logPath, `${logPath}.old`);
  log.error({}, "two");
  log.reopen({ ...plain, logPath, logLevel: "info" });
  log.info({}, "three");
  log.close();
  expect(readFileSync(`${logPath}.old`, "utf8")).toMatch(/one\n.*two\n$/);
  expect(readFileSync(logPath, "utf8")).toMatch(/^[^\n]*three\n$/);
});
