import { createLog, jsonLine, type Log, type LogLevel, type LogLine, logFacts } from "../log.ts";
import type { DaemonConfig, DaemonLogLevel } from "./daemon-config.ts";
import { type LogFile, openLogFile } from "./log-file.ts";

/** The daemon's log. */
export interface DaemonLog extends Log {
  /** Opens the file anew, as after a rotation from outside, and goes on as this configuration says. */
  reopen(config: LogConfig): void;
  /** May be called twice. */
  close(): void;
}

export type LogConfig = Pick<DaemonConfig, "logPath" | "logLevel" | "logRotation" | "logFormat">;

export interface DaemonLogOptions {
  /** Takes whole lines when there is no file. */
  readonly writeOut?: (line: string) => void;
  /** Takes what is to be said of the log itself. */
  readonly writeError?: (line: string) => void;
  readonly now?: () => number;
}

const rotateAtBytes = 50 * 2 ** 20;

/**
 * The log of X-Ray's daemon: `2026-01-31T09:30:00Z [Info] message`, in local time, on standard output or in a file; facts
 * follow as `name=value`. When the file cannot be written, standard output gets the lines.
 */
export function createDaemonLog(config: LogConfig, options: DaemonLogOptions = {}): DaemonLog {
  const { writeOut = toStdout, writeError = (line) => process.stderr.write(line), now } = options;
  const onTrouble = (sentence: string): void => {
    writeError(`fluoroscope: ${visible(sentence)} Standard output gets the log meanwhile.\n`);
  };
  const openFile = ({ logPath, logRotation }: LogConfig): LogFile | undefined => {
    if (logPath === undefined) return undefined;
    return openLogFile({ path: logPath, rotateAtBytes: logRotation ? rotateAtBytes : undefined, onTrouble });
  };
  // What an earlier log still has to say, of repeated warnings, goes to the file of now.
  const write = (line: string): void => {
    if (!file?.write(line)) writeOut(line);
  };
  const begin = ({ logFormat, logLevel }: LogConfig): Log => {
    const format = logFormat === "json" ? (line: LogLine) => visible(jsonLine(line)) : daemonLine;
    return createLog({ format, level: levels[logLevel], write, ...(now !== undefined && { now }) });
  };

  let file = openFile(config);
  let log = begin(config);
  return {
    debug: (fields, message) => log.debug(fields, message),
    info: (fields, message) => log.info(fields, message),
    warn: (fields, message) => log.warn(fields, message),
    error: (fields, message) => log.error(fields, message),
    reopen(changed) {
      file?.close();
      file = openFile(changed);
      log = begin(changed);
    },
    close: () => file?.close(),
  };
}

const levels: Readonly<Record<DaemonLogLevel, LogLevel>> = {
  dev: "debug",
  debug: "debug",
  info: "info",
  prod: "info",
  warn: "warn",
  error: "error",
};

/** A line in the original's form, without its end. */
function daemonLine({ at, fields, message, time }: LogLine): string {
  const level = at.charAt(0).toUpperCase() + at.slice(1);
  const { text, ...rest } = fields as { text?: unknown; timesInLastMinute?: number };
  const shown = text === undefined ? rest : { timesInLastMinute: rest.timesInLastMinute };
  const facts = logFacts(shown).map(([name, value]) => ` ${name}=${value}`);
  const said = `${text ?? message}${facts.join("")}`;
  return `${localTime(time)} [${level}] ${visible(said)}`;
}

/** Go's 2006-01-02T15:04:05Z07:00. */
function localTime(time: Date): string {
  const offset = -time.getTimezoneOffset();
  const shifted = new Date(time.getTime() + offset * 60_000).toISOString().slice(0, 19);
  if (offset === 0) return `${shifted}Z`;
  const minutes = Math.abs(offset);
  const two = (number: number): string => String(number).padStart(2, "0");
  return `${shifted}${offset < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** Escapes what could end a line, move a cursor or turn text around: whoever sends text must not forge lines. */
function visible(text: string): string {
  return text.replace(
    /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

let isStdoutWatched = false;

function toStdout(line: string): void {
  // Nobody left to read it is no reason to stop.
  if (!isStdoutWatched) process.stdout.on("error", () => undefined);
  isStdoutWatched = true;
  process.stdout.write(line);
}
