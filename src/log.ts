/**
 * A log: four methods that take facts as fields and a constant message. A pino logger fits. A field named `text` is a
 * sentence that says it all to people: the text format shows it alone.
 */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** A log that says nothing: the default of every library function. */
export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };

export type LogLevel = "debug" | "info" | "warn" | "error";

/** What one line says. */
export interface LogLine {
  readonly at: LogLevel;
  readonly fields: object;
  readonly message: string;
  readonly time: Date;
}

export interface LogOptions {
  /** Or what makes a line of it, without its end. */
  readonly format: "text" | "json" | ((line: LogLine) => string);
  readonly level?: LogLevel;
  /** Colours, in text. */
  readonly colour?: boolean;
  /** Takes whole lines. Default: standard error. */
  readonly write?: (line: string) => void;
  /** Milliseconds. */
  readonly now?: () => number;
}

const levels: readonly LogLevel[] = ["debug", "info", "warn", "error"];
const colours: Readonly<Record<LogLevel, string>> = { debug: "90", info: "36", warn: "33", error: "31" };
const repeatMs = 60_000;

/**
 * The program's log: one line of text or of JSON for each message. A warning that repeats is said once; a minute later
 * it is said how often it came since.
 */
export function createLog(options: LogOptions): Log {
  const { format, level = "info", write = (line) => process.stderr.write(line), now = Date.now } = options;
  const threshold = levels.indexOf(level);
  const line = typeof format === "function" ? format : layouts[format](options.colour ?? false);
  const repeated = new Map<string, { times: number; last: object }>();

  const say = (at: LogLevel, fields: object, message: string): void => {
    if (levels.indexOf(at) >= threshold) write(`${line({ at, fields, message, time: new Date(now()) })}\n`);
  };
  const warn = (fields: object, message: string): void => {
    const earlier = repeated.get(message);
    if (earlier !== undefined) {
      repeated.set(message, { times: earlier.times + 1, last: fields });
      return;
    }
    say("warn", fields, message);
    repeated.set(message, { times: 0, last: fields });
    setTimeout(() => {
      const { times, last } = repeated.get(message)!;
      repeated.delete(message);
      if (times > 0) say("warn", { ...last, timesInLastMinute: times }, message);
    }, repeatMs).unref();
  };

  return {
    debug: (fields, message) => say("debug", fields, message),
    info: (fields, message) => say("info", fields, message),
    warn,
    error: (fields, message) => say("error", fields, message),
  };
}

const layouts: Readonly<Record<"text" | "json", (colour: boolean) => (line: LogLine) => string>> = {
  text: (colour) => (line) => textLine(line, colour),
  json: () => jsonLine,
};

/** A line of JSON: level, time, message, and the facts beside them. */
export function jsonLine({ at, fields, message, time }: LogLine): string {
  const { text: _, ...facts } = fields as { text?: unknown };
  return JSON.stringify({ level: at, time: time.toISOString(), msg: message, ...facts });
}

function textLine({ at, fields, message, time }: LogLine, colour: boolean): string {
  const paint = (code: string, text: string): string => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);
  const head = `${paint("90", time.toTimeString().slice(0, 8))} ${paint(colours[at], at.padEnd(5))}`;
  if ("text" in fields) return `${head} ${fields.text}`;
  const facts = logFacts(fields).map(([name, value]) => `${paint("90", `${name}=`)}${value}`);
  return [head, message, ...facts].join(" ");
}

/** Facts by name, `addresses.udp` for one within another, with quotes where a value would run into the next. */
export function logFacts(fields: object, prefix = ""): [name: string, value: string][] {
  return Object.entries(fields).flatMap(([name, value]): [string, string][] => {
    if (value === undefined) return [];
    if (typeof value === "object" && value !== null) return logFacts(value, `${prefix}${name}.`);
    const text = String(value);
    return [[`${prefix}${name}`, /[\s"=\p{Cc}\p{Cf}]/u.test(text) ? quoted(text) : text]];
  });
}

/** As JSON, and what JSON leaves alone of that which moves cursors, colours or turns the direction of reading is escaped too. */
function quoted(text: string): string {
  return JSON.stringify(text).replace(
    /[\p{Cc}\p{Cf}\u2028\u2029]/gu,
    (sign) => `\\u{${sign.codePointAt(0)!.toString(16)}}`,
  );
}
