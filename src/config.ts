import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { type AwsChoices, ourChoices, readAwsChoices } from "./aws-choices.ts";
import { FluoroscopeError } from "./errors.ts";
import { durationSeconds, sizeBytes } from "./quantities.ts";

/** All settings of `fluoroscope up` with their values. Sizes are bytes, durations seconds. Frozen. */
export interface Config {
  readonly port: number;
  readonly host: string;
  readonly dataDir: string;
  readonly ephemeral: boolean;
  /** The address of a ClickHouse that many fluoroscopes keep everything in; absent: files in `dataDir`. */
  readonly store: string | undefined;
  readonly retention: number;
  readonly maxSize: number;
  readonly queueBytes: number;
  /** Filter expressions of the traces that tail sampling keeps; a share may stand before each. */
  readonly keep: readonly string[];
  /** Of the traces that none of them matches: 0 to 1. */
  readonly keepRest: number;
  readonly decideAfter: number;
  readonly holdBytes: number;
  /** Where nobody has chosen one, `up` takes the usual port, and does without where it is taken. */
  readonly otlpHttpPort: number | undefined;
  readonly otlpGrpcPort: number | undefined;
  readonly accountId: string;
  readonly region: string;
  readonly strictLimits: boolean;
  readonly awsChoices: AwsChoices;
  /** Where documents are sent on to: `aws`, an X-Ray API's URL, or `otlp:` and a URL. */
  readonly upstream: string | undefined;
  readonly noStore: boolean;
  readonly upstreamEndpoint: string | undefined;
  readonly upstreamRole: string | undefined;
  readonly keysFile: string | undefined;
  readonly unsafeNoAuth: boolean;
  readonly insightsWebhook: string | undefined;
  readonly logFormat: "auto" | "text" | "json";
  readonly logLevel: "debug" | "info" | "warn" | "error";
}

export type ConfigKey = keyof Config;

/** One row of the table below: all there is to know about a setting. */
export interface Setting<T> {
  /** On the command line, with its dashes. */
  readonly flag: string;
  /** What the flag's value is, as help shows it; absent for a switch. */
  readonly value?: string;
  /** The flag may stand several times, and the file may hold a list: `parse` gets a line for each. */
  readonly isRepeatable?: true;
  /** Environment variables, the first that is set wins. */
  readonly environment: readonly string[];
  readonly fallback: (environment: Environment) => T;
  /** The default in words, where the value itself would say less. */
  readonly fallbackText?: string;
  readonly meaning: string;
  /** Answers `undefined` for text that does not fit. */
  readonly parse: (text: string) => T | undefined;
  /** What would have fitted: "Write …". */
  readonly remedy: string;
  /** The text as it may be shown, where it may hold a secret. */
  readonly hideSecrets?: (text: string) => string;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** Every setting of `fluoroscope up`. Help, `fluoroscope config` and docs/reference/config.md are made from this table. */
export const settings: { readonly [K in ConfigKey]: Setting<Config[K]> } = {
  port: {
    flag: "--port",
    value: "number",
    environment: ["FLUOROSCOPE_PORT"],
    fallback: () => 2000,
    meaning: "UDP and TCP port: segments on UDP, API and console on TCP. 0 takes a free one.",
    parse: port,
    remedy: "Write a number from 0 to 65535.",
  },
  host: {
    flag: "--host",
    value: "address",
    environment: ["FLUOROSCOPE_HOST"],
    fallback: () => "127.0.0.1",
    meaning: "Address to listen on. Anything but this machine's own loopback needs access keys (--keys-file).",
    parse: text,
    remedy: "Write an address or a name of this machine.",
  },
  dataDir: {
    flag: "--data-dir",
    value: "folder",
    environment: ["FLUOROSCOPE_DATA_DIR"],
    fallback: (environment) => join(xdg(environment, "XDG_DATA_HOME", ".local", "share"), "fluoroscope"),
    fallbackText: "`fluoroscope` in `$XDG_DATA_HOME`, or in `~/.local/share`",
    meaning: "Where traces are kept.",
    parse: (value) => (value === "" ? undefined : resolve(value)),
    remedy: "Name a folder.",
  },
  ephemeral: {
    flag: "--ephemeral",
    environment: ["FLUOROSCOPE_EPHEMERAL"],
    fallback: () => false,
    meaning: "Keep everything in memory and nothing on disk.",
    parse: yesOrNo,
    remedy: "Write true or false.",
  },
  store: {
    flag: "--store",
    value: "URL",
    environment: ["FLUOROSCOPE_STORE"],
    fallback: () => undefined,
    fallbackText: "files in the data folder",
    meaning:
      "Keep everything in ClickHouse, clickhouse://name:secret@host/traces, shared by all that name it; see docs/scale.md.",
    parse: (value) => (protocolOf(value) === "clickhouse:" ? value : undefined),
    remedy: "Write clickhouse://user:password@host:8123/database.",
    hideSecrets: (value) => value.replace(/(:\/\/[^:/@]*):[^/]*@/, "$1:…@"),
  },
  retention: {
    flag: "--retention",
    value: "duration",
    environment: ["FLUOROSCOPE_RETENTION"],
    fallback: () => 7 * 86_400,
    fallbackText: "`7d`",
    meaning: "How long traces are kept, as 12h or 30d.",
    parse: durationSeconds,
    remedy: "Write a number and a unit (s, m, h, d or w), as 12h or 30d.",
  },
  maxSize: {
    flag: "--max-size",
    value: "size",
    environment: ["FLUOROSCOPE_MAX_SIZE"],
    fallback: () => 10 * 10 ** 9,
    fallbackText: "`10GB`",
    meaning: "Most that the store may take on disk; the oldest traces go first.",
    parse: sizeBytes,
    remedy: "Write a number and a unit (KB, MB, GB or TB), as 500MB or 10GB.",
  },
  queueBytes: {
    flag: "--queue-bytes",
    value: "size",
    environment: ["FLUOROSCOPE_QUEUE_BYTES"],
    fallback: () => 64 * 10 ** 6,
    fallbackText: "`64MB`",
    meaning: "Most that may wait in memory for the store; what comes beyond is turned away and counted.",
    parse: sizeBytes,
    remedy: "Write a number and a unit (KB, MB, GB or TB), as 64MB.",
  },
  keep: {
    flag: "--keep",
    value: "filter",
    isRepeatable: true,
    environment: ["FLUOROSCOPE_KEEP"],
    fallback: () => [],
    fallbackText: "none",
    meaning:
      "Tail sampling: traces to keep, as a filter expression ('fault'), or a share of them ('20% responsetime > 1'). " +
      "May stand several times, a line each in the variable: the first that matches decides.",
    parse: (value) => value.split("\n").filter((line) => line.trim() !== ""),
    remedy: "Write filter expressions.",
  },
  keepRest: {
    flag: "--keep-rest",
    value: "percent",
    environment: ["FLUOROSCOPE_KEEP_REST"],
    fallback: () => 1,
    fallbackText: "`100%`",
    meaning: "Share of the traces to keep that no --keep matches, as 10%; figures count each for those it stands for.",
    parse: percent,
    remedy: "Write a percentage from 0% to 100%, as 10%.",
  },
  decideAfter: {
    flag: "--decide-after",
    value: "duration",
    environment: ["FLUOROSCOPE_DECIDE_AFTER"],
    fallback: () => 10,
    fallbackText: "`10s`",
    meaning: "How long nothing more must have come of a trace before tail sampling decides on it; a minute at most.",
    parse: (value) => atMost(60, durationSeconds(value)),
    remedy: "Write a duration up to 60s, as 10s.",
  },
  holdBytes: {
    flag: "--hold-bytes",
    value: "size",
    environment: ["FLUOROSCOPE_HOLD_BYTES"],
    fallback: () => 64 * 10 ** 6,
    fallbackText: "`64MB`",
    meaning:
      "Most that may wait in memory for tail sampling to decide; when more waits, the quietest are decided early.",
    parse: sizeBytes,
    remedy: "Write a number and a unit (KB, MB, GB or TB), as 64MB.",
  },
  otlpHttpPort: {
    flag: "--otlp-http-port",
    value: "number",
    environment: ["FLUOROSCOPE_OTLP_HTTP_PORT"],
    fallback: () => undefined,
    fallbackText: "`4318`, or any free one with `--port 0`",
    meaning: "TCP port for OpenTelemetry over HTTP. 0 takes a free one.",
    parse: port,
    remedy: "Write a number from 0 to 65535.",
  },
  otlpGrpcPort: {
    flag: "--otlp-grpc-port",
    value: "number",
    environment: ["FLUOROSCOPE_OTLP_GRPC_PORT"],
    fallback: () => undefined,
    fallbackText: "`4317`, or any free one with `--port 0`",
    meaning: "TCP port for OpenTelemetry over gRPC. 0 takes a free one.",
    parse: port,
    remedy: "Write a number from 0 to 65535.",
  },
  accountId: {
    flag: "--account-id",
    value: "digits",
    environment: ["FLUOROSCOPE_ACCOUNT_ID"],
    fallback: () => "000000000000",
    meaning: "AWS account id to write into ARNs.",
    parse: (value) => (/^\d{12}$/.test(value) ? value : undefined),
    remedy: "Write the 12 digits of an account id.",
  },
  region: {
    flag: "--region",
    value: "name",
    environment: ["FLUOROSCOPE_REGION", "AWS_REGION", "AWS_DEFAULT_REGION"],
    fallback: () => "us-east-1",
    meaning: "AWS region to write into ARNs, and to send to with --upstream aws.",
    parse: text,
    remedy: "Write a region's name, as eu-central-1.",
  },
  strictLimits: {
    flag: "--strict-limits",
    environment: ["FLUOROSCOPE_STRICT_LIMITS"],
    fallback: () => false,
    meaning:
      "Refuse what AWS refuses: more than 5 trace ids a call, graphs of more than 6 hours, filter terms of our own.",
    parse: yesOrNo,
    remedy: "Write true or false.",
  },
  awsChoices: {
    flag: "--aws-choices",
    value: "key=value,…",
    environment: ["FLUOROSCOPE_AWS_CHOICES"],
    fallback: () => ourChoices,
    fallbackText: "ours",
    meaning: "What to do where nobody knows what AWS does, see docs/reference/aws-choices.md.",
    parse: readAwsChoices,
    remedy: "Write key=value, as textCase=ignore; keys and values are in docs/reference/aws-choices.md.",
  },
  upstream: {
    flag: "--upstream",
    value: "aws|URL",
    environment: ["FLUOROSCOPE_UPSTREAM"],
    fallback: () => undefined,
    fallbackText: "none",
    meaning:
      "Where to send documents on to: aws, http://host:2000 for an X-Ray API (another fluoroscope), or otlp:http://host:4318.",
    parse: text,
    remedy: "Write aws, a URL, or otlp: and a URL.",
  },
  noStore: {
    flag: "--no-store",
    environment: ["FLUOROSCOPE_NO_STORE"],
    fallback: () => false,
    meaning: "Keep no traces here: console, CLI and API show those of the X-Ray API that --upstream names.",
    parse: yesOrNo,
    remedy: "Write true or false.",
  },
  upstreamEndpoint: {
    flag: "--upstream-endpoint",
    value: "URL",
    environment: ["FLUOROSCOPE_UPSTREAM_ENDPOINT"],
    fallback: () => undefined,
    fallbackText: "the region's own",
    meaning: "AWS X-Ray's address for --upstream aws, as that of a VPC endpoint.",
    parse: text,
    remedy: "Write a URL, as https://host.",
  },
  upstreamRole: {
    flag: "--upstream-role",
    value: "ARN",
    environment: ["FLUOROSCOPE_UPSTREAM_ROLE"],
    fallback: () => undefined,
    fallbackText: "none",
    meaning: "Role to take on for --upstream aws, with the credentials that AWS's SDKs find.",
    parse: text,
    remedy: "Write a role's ARN.",
  },
  keysFile: {
    flag: "--keys-file",
    value: "file",
    environment: ["FLUOROSCOPE_KEYS_FILE"],
    fallback: () => undefined,
    fallbackText: "none",
    meaning: "Access keys of those who are let in, beside those in FLUOROSCOPE_KEYS (id:secret:read|write|all, …).",
    parse: (value) => (value === "" ? undefined : resolve(value)),
    remedy: "Name a file.",
  },
  insightsWebhook: {
    flag: "--insights-webhook",
    value: "url",
    environment: ["FLUOROSCOPE_INSIGHTS_WEBHOOK"],
    fallback: () => undefined,
    fallbackText: "none",
    meaning: "Where events of insights are posted, of groups whose notifications are enabled.",
    parse: (value) => (/^https?:$/.test(protocolOf(value)) ? value : undefined),
    remedy: "Write an http:// or https:// URL.",
  },
  unsafeNoAuth: {
    flag: "--unsafe-no-auth",
    environment: ["FLUOROSCOPE_UNSAFE_NO_AUTH"],
    fallback: () => false,
    meaning: "Listen beyond this machine although everyone who reaches the port may read and write all traces.",
    parse: yesOrNo,
    remedy: "Write true or false.",
  },
  logFormat: {
    flag: "--log-format",
    value: "auto|text|json",
    environment: ["FLUOROSCOPE_LOG_FORMAT"],
    fallback: () => "auto",
    meaning: "Lines of text or of JSON; auto is text on a terminal and JSON elsewhere.",
    parse: oneOf("auto", "text", "json"),
    remedy: "Write auto, text or json.",
  },
  logLevel: {
    flag: "--log-level",
    value: "debug|info|warn|error",
    environment: ["FLUOROSCOPE_LOG_LEVEL"],
    fallback: () => "info",
    meaning: "The least that is worth a line.",
    parse: oneOf("debug", "info", "warn", "error"),
    remedy: "Write debug, info, warn or error.",
  },
};

/** Where a value came from: `default`, or the flag, the variable or the file that holds it. */
export interface Origin {
  readonly kind: "flag" | "environment" | "file" | "default";
  readonly name: string;
}

export interface ConfigWithOrigins {
  readonly config: Config;
  readonly origins: { readonly [K in ConfigKey]: Origin };
}

export interface ConfigSources {
  /** By key, as text, as the command line had them; a switch that was given is `"true"`. */
  readonly flags?: Readonly<Record<string, string | undefined>>;
  readonly environment?: Environment;
  /** A file that must exist (`--config`). Absent: `fluoroscope/config.json` in the user's configuration folder, if there. */
  readonly file?: string;
}

/** Every setting, a flag before an environment variable before the file before the default. */
export function readConfig({ flags = {}, environment = {}, file }: ConfigSources = {}): ConfigWithOrigins {
  const path = file ?? configPath(environment);
  const fromFile = readFile(path, file !== undefined);
  const config: Record<string, unknown> = {};
  const origins: Record<string, Origin> = {};
  for (const [key, setting] of Object.entries<Setting<unknown>>(settings)) {
    const variable = setting.environment.find((name) => (environment[name] ?? "") !== "");
    const candidates: [Origin, string | undefined][] = [
      [{ kind: "flag", name: setting.flag }, flags[key]],
      [{ kind: "environment", name: variable ?? "" }, variable && environment[variable]],
      [{ kind: "file", name: path }, fromFile.get(key)],
    ];
    const [origin, given] = candidates.find(([, value]) => value !== undefined) ?? [];
    config[key] = given === undefined ? setting.fallback(environment) : parsed(setting, given, origin!, key);
    origins[key] = origin ?? { kind: "default", name: "default" };
  }
  // The loop has given each key of the table the value that its own parser or default answers.
  return { config: Object.freeze(config) as unknown as Config, origins: origins as ConfigWithOrigins["origins"] };
}

/** Where the configuration file is looked for when nobody names one. */
export function configPath(environment: Environment): string {
  return join(xdg(environment, "XDG_CONFIG_HOME", ".config"), "fluoroscope", "config.json");
}

function parsed(setting: Setting<unknown>, given: string, origin: Origin, key: string): unknown {
  const value = setting.parse(given);
  if (value !== undefined) return value;
  const where = origin.kind === "file" ? `"${key}" in ${origin.name}` : origin.name;
  const shown = setting.hideSecrets?.(given) ?? given;
  throw badConfig(`${where} is ${JSON.stringify(shown)}, which does not fit. ${setting.remedy}`);
}

function readFile(path: string, mustExist: boolean): Map<string, string> {
  let content: string;
  try {
    content = readFileSync(path, "utf8");
  } catch (error) {
    const isAbsent = error instanceof Error && "code" in error && error.code === "ENOENT";
    if (isAbsent && !mustExist) return new Map();
    const remedy = "Check the path and its permissions, or leave --config out.";
    throw badConfig(`The configuration file ${path} cannot be read. ${remedy}`, error);
  }
  let members: unknown;
  try {
    members = JSON.parse(content);
  } catch (error) {
    throw badConfig(`The configuration file ${path} is not JSON (${(error as Error).message}). Mend it.`, error);
  }
  if (typeof members !== "object" || members === null || Array.isArray(members)) {
    throw badConfig(`The configuration file ${path} holds no object. Write settings as {"port": 2001}.`);
  }
  const unknown = Object.keys(members).find((key) => !Object.hasOwn(settings, key));
  if (unknown !== undefined) {
    const known = Object.keys(settings).join(", ");
    throw badConfig(`The configuration file ${path} has an unknown setting "${unknown}". Known are: ${known}.`);
  }
  return new Map(Object.entries(members).map(([key, value]) => [key, textOf(value)]));
}

/** A list as its lines. */
const textOf = (value: unknown): string => (Array.isArray(value) ? value.join("\n") : String(value));

function badConfig(message: string, cause?: unknown): FluoroscopeError {
  return new FluoroscopeError("FLUORO_BAD_CONFIG", message, { cause });
}

/** A folder by the XDG base directory rules: the variable if it is absolute, else below the home folder. */
function xdg(environment: Environment, variable: string, ...below: string[]): string {
  const named = environment[variable];
  return named?.startsWith("/") ? named : join(environment.HOME ?? homedir(), ...below);
}

function text(value: string): string | undefined {
  return value.trim() === "" ? undefined : value.trim();
}

function port(value: string): number | undefined {
  return /^\d{1,5}$/.test(value) && Number(value) <= 65_535 ? Number(value) : undefined;
}

function protocolOf(value: string): string {
  return URL.canParse(value) ? new URL(value).protocol : "";
}

function percent(value: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*%$/.exec(value.trim());
  return match === null ? undefined : atMost(1, Number(match[1]) / 100);
}

function atMost(most: number, value: number | undefined): number | undefined {
  return value !== undefined && value <= most ? value : undefined;
}

function yesOrNo(value: string): boolean | undefined {
  if (/^(true|yes|on|1)$/i.test(value)) return true;
  return /^(false|no|off|0)$/i.test(value) ? false : undefined;
}

function oneOf<const T extends string>(...choices: readonly T[]): (value: string) => T | undefined {
  return (value) => choices.find((choice) => choice === value.toLowerCase());
}
