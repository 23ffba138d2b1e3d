/** What the SDK tells its application: any object with these four methods will do. */
export interface Logger {
  debug(...said: unknown[]): unknown;
  info(...said: unknown[]): unknown;
  warn(...said: unknown[]): unknown;
  error(...said: unknown[]): unknown;
}

const levels = ["debug", "info", "warn", "error", "silent"] as const;

let logger: Logger = consoleLogger(process.env);

/** Sends what the SDK says to a logger of the application's own. */
export function setLogger(logObj: Logger): void {
  logger = logObj;
}

/** The logger that is in use. */
export function getLogger(): Logger {
  return logger;
}

/** Errors alone, unless `AWS_XRAY_LOG_LEVEL` or `AWS_XRAY_DEBUG_MODE` asks for more. */
function consoleLogger(environment: Readonly<Record<string, string | undefined>>): Logger {
  const asked = environment.AWS_XRAY_DEBUG_MODE ? "debug" : environment.AWS_XRAY_LOG_LEVEL?.toLowerCase();
  const known = (levels as readonly (string | undefined)[]).indexOf(asked);
  const least = known < 0 ? levels.indexOf("error") : known;
  const sayer = (level: "debug" | "info" | "warn" | "error") => {
    if (levels.indexOf(level) < least) return () => undefined;
    return (message?: unknown, meta?: unknown) => {
      // Lambda's log lines have time and level already.
      const head =
        environment.LAMBDA_TASK_ROOT === undefined ? `${new Date().toISOString()} [${level.toUpperCase()}] ` : "";
      const rest = meta === undefined ? "" : `\n  ${typeof meta === "string" ? meta : JSON.stringify(meta)}`;
      if (message !== undefined || meta !== undefined) console[level](`${head}${message ?? ""}${rest}`);
    };
  };
  return { debug: sayer("debug"), info: sayer("info"), warn: sayer("warn"), error: sayer("error") };
}
