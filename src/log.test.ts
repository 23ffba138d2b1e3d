import { expect, it, vi } from "vitest";
import { createLog, type LogOptions } from "./log.ts";

function aLog(options: Partial<LogOptions> = {}): { lines: string[]; log: ReturnType<typeof createLog> } {
  const lines: string[] = [];
  const now = (): number => Date.UTC(2023, 10, 14, 22, 13, 20);
  return { lines, log: createLog({ format: "json", write: (line) => lines.push(line), now, ...options }) };
}

it("a JSON line holds level, time, message and facts", () => {
  const { lines, log } = aLog();
  log.info({ port: 2000, addresses: { udp: "127.0.0.1:2000" } }, "ready");
  expect(lines).toEqual([
    '{"level":"info","time":"2023-11-14T22:13:20.000Z","msg":"ready","port":2000,"addresses":{"udp":"127.0.0.1:2000"}}\n',
  ]);
});

it("a text line holds the facts behind the message, quoted where needed", () => {
  const { lines, log } = aLog({ format: "text" });
  log.error({ file: "a b", n: 1, at: { x: true }, absent: undefined }, "could not read");
  expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d error could not read file="a b" n=1 at\.x=true\n$/);
});

it("whatever could move a cursor, end a line or turn text around is written as its number", () => {
  const { lines, log } = aLog({ format: "text" });
  log.info({ name: "\u001b[31mred\u009b2J\u202e\nforged" }, "taken");
  expect(lines[0]).toContain('name="\\u001b[31mred\\u{9b}2J\\u{202e}\\nforged"');
  expect(lines[0]).not.toMatch(/[\p{Cc}\p{Cf}](?!$)/u);
});

it("a field named text speaks for the whole line in text, and is left out in JSON", () => {
  const fields = { text: "fluoroscope is ready", port: 1 };
  const text = aLog({ format: "text" });
  text.log.info(fields, "ready");
  expect(text.lines[0]).toMatch(/info {2}fluoroscope is ready\n$/);
  const json = aLog();
  json.log.info(fields, "ready");
  expect(JSON.parse(json.lines[0]!)).toMatchObject({ msg: "ready", port: 1 });
  expect(json.lines[0]).not.toContain("text");
});

it("what is below the level is not said", () => {
  const { lines, log } = aLog({ level: "warn" });
  log.debug({}, "a");
  log.info({}, "b");
  log.warn({}, "c");
  log.error({}, "d");
  expect(lines.map((line) => JSON.parse(line).msg)).toEqual(["c", "d"]);
});

it("a warning that repeats is said once, and summed up a minute later", () => {
  vi.useFakeTimers();
  try {
    const { lines, log } = aLog();
    for (let n = 1; n <= 5; n += 1) log.warn({ n }, "full");
    log.warn({}, "other");
    vi.advanceTimersByTime(60_000);
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { msg: "full", n: 1 },
      { msg: "other" },
      { msg: "full", n: 5, timesInLastMinute: 4 },
    ]);
    vi.advanceTimersByTime(60_000);
    expect(lines.length).toBe(3);
  } finally {
    vi.useRealTimers();
  }
});

it("colours are only there when asked for", () => {
  const code = String.fromCharCode(27);
  const plain = aLog({ format: "text" });
  plain.log.warn({ a: 1 }, "m");
  expect(plain.lines[0]).not.toContain(code);
  const coloured = aLog({ format: "text", colour: true });
  coloured.log.warn({ a: 1 }, "m");
  expect(coloured.lines[0]).toContain(`${code}[33mwarn `);
});
