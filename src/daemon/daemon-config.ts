import { parseDestination } from "../forward/destination.ts";
import { durationSeconds, sizeBytes } from "../quantities.ts";
import { type ListenAddress, parseListenAddress } from "./listen-address.ts";

/** `dev` and `debug` show all there is; `prod` is `info`. The original daemon's words. */
export type DaemonLogLevel = "dev" | "debug" | "info" | "warn" | "error" | "prod";

/** All settings of `fluoroscope daemon` with their values. Frozen. */
export interface DaemonConfig {
  readonly udpAddress: ListenAddress;
  readonly tcpAddress: ListenAddress;
  /** Where documents go: `aws`, `http(s)://host:port` (an X-Ray API, unsigned), `otlp:http(s)://host:port`. */
  readonly destinations: readonly string[];
  /** Needed only by `aws`; found from the surroundings when nobody names it. */
  readonly region?: string | undefined;
  /** AWS X-Ray's address, where it is not the region's own. */
  readonly endpoint?: string | undefined;
  readonly roleArn?: string | undefined;
  readonly externalId?: string | undefined;
  /** What telemetry says about whose daemon this is. */
  readonly resourceArn?: string | undefined;
  /** Ask no metadata service about this machine. */
  readonly localMode: boolean;
  readonly proxyAddress?: string | undefined;
  readonly verifyTls: boolean;
  /** PEM file of certificate authorities to trust besides the system's own. */
  readonly caFile?: string | undefined;
  /** Most that documents may take in memory, before they go to disk. */
  readonly memoryBytes: number;
  /** Requests under way at a time, for each destination. */
  readonly concurrency: number;
  /** Absent: nothing is written to disk. */
  readonly spillFolder?: string | undefined;
  readonly spillMaxBytes: number;
  /** Most that sending what waits may take after SIGTERM; the rest goes to disk. */
  readonly shutdownSeconds: number;
  /** Absent: standard output. */
  readonly logPath?: string | undefined;
  readonly logLevel: DaemonLogLevel;
  readonly logRotation: boolean;
  readonly logFormat: "text" | "json";
}

/** What the table holds: the configuration, and the switch that turns the spill off. */
export interface DaemonValues extends Required<DaemonConfig> {
  readonly isSpilling: boolean;
}

/** One row of the table below: all there is to know about a setting. */
export interface DaemonSetting<T> {
  /** Whether the original daemon has it too: its flag for `flag`, its key alone for `key`. */
  readonly original?: "flag" | "key";
  /** Names on the command line, without dashes, the long one first. Absent: none. */
  readonly names?: readonly [long: string, short?: string];
  /** What the value is, as help shows it; absent for a switch. */
  readonly value?: string;
  readonly kind: "text" | "number" | "switch" | "list";
  /** In cfg.yaml, as `Section.Key`. */
  readonly key: string;
  /** Environment variables, the first that is set wins. */
  readonly environment: readonly string[];
  readonly fallback: T;
  /** The default in words, where the value itself would say less. */
  readonly fallbackText?: string;
  readonly meaning: string;
  /** Answers `undefined` for text that does not fit. Lists come with commas between. */
  readonly parse: (text: string) => T | undefined;
  /** What would have fitted: "Write …". */
  readonly remedy: string;
  /** A value that does not fit is warned about, and the next source counts: the original starts all the same. */
  readonly isLenient?: true;
}

const mebibyte = 2 ** 20;
const addressRemedy = "Write host:port, as 127.0.0.1:2000, [::1]:2000, or :2000 for every address.";

/**
 * Every setting of `fluoroscope daemon`: the original's first and in its order, then ours. Help and the tables of
 * docs/reference/daemon.md are made from it.
 */
export const daemonSettings: { readonly [K in keyof DaemonValues]: DaemonSetting<DaemonValues[K]> } = {
  resourceArn: {
    original: "flag",
    names: ["resource-arn", "a"],
    value: "arn",
    kind: "text",
    key: "ResourceARN",
    environment: ["FLUOROSCOPE_DAEMON_RESOURCE_ARN"],
    fallback: undefined,
    fallbackText: "none",
    meaning: "ARN of the AWS resource that runs the daemon, for telemetry.",
    parse: text,
    remedy: "Write an ARN.",
  },
  localMode: {
    original: "flag",
    names: ["local-mode", "o"],
    kind: "switch",
    key: "LocalMode",
    environment: ["FLUOROSCOPE_DAEMON_LOCAL_MODE"],
    fallback: false,
    meaning: "Ask neither ECS nor EC2 about this machine.",
    parse: yesOrNo,
    remedy: "Write true or false.",
  },
  memoryBytes: {
    original: "flag",
    names: ["buffer-memory", "m"],
    value: "MB",
    kind: "number",
    key: "TotalBufferSizeMB",
    environment: ["FLUOROSCOPE_DAEMON_BUFFER_MEMORY"],
    fallback: 0,
    fallbackText: "`0`: 1 % of the memory this process may use, from 3 to 32 MB",
    meaning: "Megabytes that segments may take in memory (3 at least); more go to disk.",
    parse: (value) => wholeNumber(value, (megabytes) => megabytes <= 0 || megabytes >= 3, mebibyte),
    remedy: "Write a number of megabytes from 3 on, or 0 for a share of the machine's memory.",
  },
  region: {
    original: "flag",
    names: ["region", "n"],
    value: "name",
    kind: "text",
    key: "Region",
    environment: ["FLUOROSCOPE_DAEMON_REGION", "AWS_REGION"],
    fallback: undefined,
    fallbackText: "found, see [Region](#region)",
    meaning: "AWS region to send segments to.",
    parse: (value) => (/^[\w-]{1,64}$/.test(value.trim()) ? value.trim() : undefined),
    remedy: "Write a region's name, as eu-central-1.",
  },
  udpAddress: {
    original: "flag",
    names: ["bind", "b"],
    value: "host:port",
    kind: "text",
    key: "Socket.UDPAddress",
    environment: ["FLUOROSCOPE_DAEMON_BIND"],
    fallback: { host: "127.0.0.1", port: 2000 },
    fallbackText: "`127.0.0.1:2000`",
    meaning: "UDP address to take segments at (127.0.0.1:2000).",
    parse: parseListenAddress,
    remedy: addressRemedy,
  },
  tcpAddress: {
    original: "flag",
    names: ["bind-tcp", "t"],
    value: "host:port",
    kind: "text",
    key: "Socket.TCPAddress",
    environment: ["FLUOROSCOPE_DAEMON_BIND_TCP"],
    fallback: { host: "127.0.0.1", port: 2000 },
    fallbackText: "`127.0.0.1:2000`",
    meaning: "TCP address to answer sampling calls at (127.0.0.1:2000).",
    parse: parseListenAddress,
    remedy: addressRemedy,
  },
  roleArn: {
    original: "flag",
    names: ["role-arn", "r"],
    value: "arn",
    kind: "text",
    key: "RoleARN",
    environment: ["FLUOROSCOPE_DAEMON_ROLE_ARN"],
    fallback: undefined,
    fallbackText: "none",
    meaning: "IAM role to assume, as for sending to another account.",
    parse: text,
    remedy: "Write the role's ARN.",
  },
  logPath: {
    original: "flag",
    names: ["log-file", "f"],
    value: "path",
    kind: "text",
    key: "Logging.LogPath",
    environment: ["FLUOROSCOPE_DAEMON_LOG_FILE"],
    fallback: undefined,
    fallbackText: "standard output",
    meaning: "File to write the log to.",
    parse: text,
    remedy: "Name a file.",
  },
  logLevel: {
    original: "flag",
    names: ["log-level", "l"],
    value: "level",
    kind: "text",
    key: "Logging.LogLevel",
    environment: ["FLUOROSCOPE_DAEMON_LOG_LEVEL"],
    fallback: "prod",
    meaning: "The least that is worth a line: dev, debug, info, warn, error, or prod, which is info.",
    parse: oneOf("dev", "debug", "info", "warn", "error", "prod"),
    remedy: "Write dev, debug, info, warn, error or prod.",
    isLenient: true,
  },
  proxyAddress: {
    original: "flag",
    names: ["proxy-address", "p"],
    value: "url",
    kind: "text",
    key: "ProxyAddress",
    environment: ["FLUOROSCOPE_DAEMON_PROXY_ADDRESS"],
    fallback: undefined,
    fallbackText: "for https:// what `HTTPS_PROXY` says",
    meaning: "HTTP proxy to send through.",
    parse: proxyUrl,
    remedy: "Write http://host:port, with user:password@ before the host if it wants them.",
  },
  endpoint: {
    original: "key",
    names: ["endpoint"],
    value: "url",
    kind: "text",
    key: "Endpoint",
    environment: ["FLUOROSCOPE_DAEMON_ENDPOINT"],
    fallback: undefined,
    fallbackText: "what `AWS_ENDPOINT_URL_XRAY` says, else `https://xray.<region>.amazonaws.com`",
    meaning: "Where AWS X-Ray is, if not at its region's own address. Requests are signed.",
    parse: httpUrl,
    remedy: "Write an http:// or https:// URL.",
  },
  concurrency: {
    original: "key",
    names: ["concurrency"],
    value: "number",
    kind: "number",
    key: "Concurrency",
    environment: ["FLUOROSCOPE_DAEMON_CONCURRENCY"],
    fallback: 8,
    meaning: "Requests under way at a time, for each destination.",
    parse: (value) => wholeNumber(value, (count) => count >= 1 && count <= 1_000),
    remedy: "Write a number from 1 to 1000.",
  },
  verifyTls: {
    original: "key",
    names: ["no-verify-ssl"],
    kind: "switch",
    key: "NoVerifySSL",
    environment: ["FLUOROSCOPE_DAEMON_NO_VERIFY_SSL"],
    fallback: true,
    fallbackText: "`false`",
    meaning: "Accept any certificate. For tests; see --ca-file for certificates of your own.",
    parse: not(yesOrNo),
    remedy: "Write true or false.",
  },
  logRotation: {
    original: "key",
    kind: "switch",
    key: "Logging.LogRotation",
    environment: ["FLUOROSCOPE_DAEMON_LOG_ROTATION"],
    fallback: true,
    meaning: "Begin a new log file at 50 MB and keep one old one.",
    parse: yesOrNo,
    remedy: "Write true or false.",
  },
  destinations: {
    names: ["to"],
    value: "destination",
    kind: "list",
    key: "Fluoroscope.To",
    environment: ["FLUOROSCOPE_DAEMON_TO"],
    fallback: ["aws"],
    meaning:
      "Where to send: aws, http://host:2000 (another fluoroscope), otlp:http://host:4318. Repeat it for several.",
    parse: destinations,
    remedy: "Write aws, http://host:2000 for an X-Ray API (another fluoroscope), or otlp:http://host:4318.",
  },
  externalId: {
    names: ["external-id"],
    value: "id",
    kind: "text",
    key: "Fluoroscope.ExternalID",
    environment: ["FLUOROSCOPE_DAEMON_EXTERNAL_ID"],
    fallback: undefined,
    fallbackText: "none",
    meaning: "External id that the role to assume asks for.",
    parse: text,
    remedy: "Write the id that the role's owner gave you.",
  },
  caFile: {
    names: ["ca-file"],
    value: "path",
    kind: "text",
    key: "Fluoroscope.CAFile",
    environment: ["FLUOROSCOPE_DAEMON_CA_FILE"],
    fallback: undefined,
    fallbackText: "what `AWS_CA_BUNDLE` says",
    meaning: "PEM file of certificate authorities to trust besides the usual ones.",
    parse: text,
    remedy: "Name a PEM file.",
  },
  spillFolder: {
    names: ["spill-dir"],
    value: "folder",
    kind: "text",
    key: "Fluoroscope.SpillDir",
    environment: ["FLUOROSCOPE_DAEMON_SPILL_DIR"],
    fallback: undefined,
    fallbackText:
      "`spill` in `$STATE_DIRECTORY`; else `fluoroscope/daemon-<UDP port>` in `$XDG_STATE_HOME` or `~/.local/state`",
    meaning: "Where to keep what cannot be sent yet and does not fit in memory.",
    parse: text,
    remedy: "Name a folder.",
  },
  spillMaxBytes: {
    names: ["spill-max-size"],
    value: "size",
    kind: "text",
    key: "Fluoroscope.SpillMaxSize",
    environment: ["FLUOROSCOPE_DAEMON_SPILL_MAX_SIZE"],
    fallback: 10 ** 9,
    fallbackText: "`1GB`",
    meaning: "Most that it may take there, for all destinations together.",
    parse: sizeBytes,
    remedy: "Write a number and a unit (KB, MB, GB or TB), as 500MB or 1GB.",
  },
  isSpilling: {
    names: ["no-spill"],
    kind: "switch",
    key: "Fluoroscope.NoSpill",
    environment: ["FLUOROSCOPE_DAEMON_NO_SPILL"],
    fallback: true,
    fallbackText: "`false`",
    meaning: "Write no segment to disk: what does not fit in memory is lost, and counted.",
    parse: not(yesOrNo),
    remedy: "Write true or false.",
  },
  shutdownSeconds: {
    names: ["shutdown-timeout"],
    value: "duration",
    kind: "text",
    key: "Fluoroscope.ShutdownTimeout",
    environment: ["FLUOROSCOPE_DAEMON_SHUTDOWN_TIMEOUT"],
    fallback: 5,
    fallbackText: "`5s`",
    meaning: "Most that sending what waits may take after SIGTERM; the rest goes to disk.",
    parse: (value) => (/^0s?$/i.test(value.trim()) ? 0 : durationSeconds(value)),
    remedy: "Write a number and a unit (s or m), as 5s.",
  },
  logFormat: {
    names: ["log-format"],
    value: "text|json",
    kind: "text",
    key: "Fluoroscope.LogFormat",
    environment: ["FLUOROSCOPE_DAEMON_LOG_FORMAT"],
    fallback: "text",
    meaning: "Lines as the original writes them, or JSON.",
    parse: oneOf("text", "json"),
    remedy: "Write text or json.",
  },
};

function text(value: string): string | undefined {
  return value.trim() === "" ? undefined : value.trim();
}

function yesOrNo(value: string): boolean | undefined {
  if (/^(true|yes|on|1)$/i.test(value)) return true;
  return /^(false|no|off|0)$/i.test(value) ? false : undefined;
}

function not(parse: (value: string) => boolean | undefined): (value: string) => boolean | undefined {
  return (value) => {
    const answer = parse(value);
    return answer === undefined ? undefined : !answer;
  };
}

function oneOf<const T extends string>(...choices: readonly T[]): (value: string) => T | undefined {
  return (value) => choices.find((choice) => choice === value);
}

function wholeNumber(value: string, fits: (number: number) => boolean, unit = 1): number | undefined {
  const number = Number(value);
  return /^-?\d{1,9}$/.test(value) && fits(number) ? Math.max(0, number * unit) : undefined;
}

function httpUrl(value: string): string | undefined {
  return /^https?:\/\//i.test(value) && URL.canParse(value) ? value : undefined;
}

/** Curl and most programs take a proxy without its scheme. */
function proxyUrl(value: string): string | undefined {
  return httpUrl(value.includes("://") ? value : `http://${value}`);
}

/** Repeated ones count once: two ways out to one place would send everything twice. */
function destinations(value: string): readonly string[] | undefined {
  const all = [...new Set(value.split(",").map((each) => each.trim()))];
  try {
    for (const each of all) parseDestination(each);
    return all;
  } catch {
    // Its message says what this table's remedy says, without saying where the value came from.
    return undefined;
  }
}
