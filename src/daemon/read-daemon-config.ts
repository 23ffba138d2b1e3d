import { readFileSync } from "node:fs";
import { FluoroscopeError } from "../errors.ts";
import { parseDestination } from "../forward/destination.ts";
import { type ConfigFile, type ReadFile, readConfigFile } from "./config-file.ts";
import { type DaemonConfig, type DaemonSetting, type DaemonValues, daemonSettings } from "./daemon-config.ts";
import { daemonUsage } from "./daemon-usage.ts";
import { defaultMemoryBytes, usableMemoryBytes } from "./default-memory.ts";
import { defaultSpillFolder } from "./default-spill-folder.ts";
import { type GoFlag, readGoFlags } from "./go-flags.ts";
import { formatAddress } from "./listen-address.ts";

/** What the daemon's command line asks for. */
export type DaemonOrder =
  | { readonly kind: "run" | "healthcheck"; readonly config: DaemonConfig; readonly warnings: readonly string[] }
  | { readonly kind: "version" }
  /** Texts for both streams, without their last line end. */
  | { readonly kind: "exit"; readonly code: number; readonly stdout: string; readonly stderr: string }
  /** A setting that does not fit: worth a line in the log, wherever the flags say that it is, and exit code 1. */
  | { readonly kind: "mistake"; readonly error: FluoroscopeError; readonly logPath?: string | undefined };

export interface DaemonSources {
  /** The command line without the command. */
  readonly words: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly readFile?: ReadFile;
  /** Memory that this process may use. */
  readonly usableBytes?: number;
}

const settings = Object.entries<DaemonSetting<unknown>>(daemonSettings);

const ownFlags: readonly GoFlag[] = [
  { names: ["config", "c"], kind: "text" },
  { names: ["version", "v"], kind: "switch" },
  { names: ["help", "h"], kind: "switch" },
  { names: ["healthcheck"], kind: "switch" },
];

const flags: readonly GoFlag[] = [
  ...ownFlags,
  ...settings.flatMap(([, { names, kind }]): GoFlag[] => {
    const [long, short] = names ?? [];
    if (long === undefined) return [];
    return [{ names: short === undefined ? [long] : [long, short], kind: kind === "list" ? "text" : kind }];
  }),
];

/**
 * Reads every setting of the daemon: a flag before cfg.yaml, cfg.yaml before the environment, the environment before the
 * default. Whatever is wrong comes back as an order to stop, with the original's exit codes.
 */
export async function readDaemonConfig(sources: DaemonSources): Promise<DaemonOrder> {
  const given = readGoFlags(sources.words, flags);
  if (given.kind === "help") return { kind: "exit", code: 0, stdout: daemonUsage(), stderr: "" };
  if (given.kind === "mistake") {
    return { kind: "exit", code: 2, stdout: daemonUsage(), stderr: given.message };
  }
  const last = (name: string): string | undefined => given.values.get(name)?.at(-1);
  if (last("help") === "true") return { kind: "exit", code: 0, stdout: daemonUsage(), stderr: "" };
  if (last("version") === "true") return { kind: "version" };
  try {
    const { readFile = (path) => readFileSync(path, "utf8"), environment } = sources;
    const named = last("config") || environment.FLUOROSCOPE_DAEMON_CONFIG || undefined;
    const file = await readConfigFile(named, readFile);
    const { values, warnings } = readValues(given.values, file, environment);
    const config = configOf(values, sources);
    const kind = last("healthcheck") === "true" ? "healthcheck" : "run";
    return { kind, config, warnings: [...(file?.warnings ?? []), ...warnings, ...warnOfProfiles(environment)] };
  } catch (error) {
    if (!(error instanceof FluoroscopeError)) throw error;
    return { kind: "mistake", error, logPath: last("log-file") || undefined };
  }
}

function readValues(
  given: ReadonlyMap<string, readonly string[]>,
  file: ConfigFile | undefined,
  environment: DaemonSources["environment"],
): { values: DaemonValues; warnings: string[] } {
  const values: Record<string, unknown> = {};
  const warnings: string[] = [];
  for (const [key, setting] of settings) {
    values[key] = setting.fallback;
    for (const { where, text } of candidates(setting, given, file, environment)) {
      const value = setting.parse(text);
      if (value !== undefined) {
        values[key] = value;
        break;
      }
      const sentence = `${where} is ${JSON.stringify(shown(text))}, which does not fit. ${setting.remedy}`;
      if (!setting.isLenient) throw new FluoroscopeError("FLUORO_BAD_CONFIG", sentence);
      warnings.push(sentence);
    }
  }
  // The loop has given each key of the table what its own parser or default answers.
  return { values: values as unknown as DaemonValues, warnings };
}

interface Candidate {
  readonly where: string;
  readonly text: string;
}

/** Where a setting is said, the one that counts first. */
function candidates(
  { names, key, kind, environment: variables }: DaemonSetting<unknown>,
  given: ReadonlyMap<string, readonly string[]>,
  file: ConfigFile | undefined,
  environment: DaemonSources["environment"],
): Candidate[] {
  const found: Candidate[] = [];
  const words = names && given.get(names[0]);
  if (words !== undefined) {
    const [long, short] = names!;
    const text = kind === "list" ? words.join(",") : words.at(-1)!;
    found.push({ where: short === undefined ? `--${long}` : `-${short} (--${long})`, text });
  }
  const inFile = file?.values.get(key);
  // A flag without text takes back what the file says, as in the original.
  if (inFile !== undefined && found[0]?.text !== "") found.push({ where: `${key} in ${file!.path}`, text: inFile });
  for (const name of variables) found.push({ where: `$${name}`, text: environment[name] ?? "" });
  return found.filter(({ text }) => text !== "");
}

/** Whatever stands before an `@` may be a password. */
function shown(text: string): string {
  const safe = text.replace(/[^/\s]*@/g, "");
  return safe.length > 100 ? `${safe.slice(0, 100)}…` : safe;
}

function configOf({ isSpilling, ...values }: DaemonValues, { environment, usableBytes }: DaemonSources): DaemonConfig {
  const { destinations, tcpAddress, udpAddress } = values;
  checkNoCircle(destinations, tcpAddress);
  return Object.freeze({
    ...values,
    memoryBytes: values.memoryBytes || defaultMemoryBytes(usableBytes ?? usableMemoryBytes()),
    spillFolder: isSpilling ? (values.spillFolder ?? defaultSpillFolder(environment, udpAddress.port)) : undefined,
  });
}

/** A daemon that sends to itself would take every document again, for ever. */
function checkNoCircle(destinations: readonly string[], tcpAddress: DaemonConfig["tcpAddress"]): void {
  for (const text of destinations) {
    const destination = parseDestination(text);
    if (destination.kind !== "xray") continue;
    const { hostname, port, protocol } = destination.url;
    const host = hostname.replace(/^\[|\]$/g, "").replace("localhost", "127.0.0.1");
    const isSameHost = host === tcpAddress.host.replace("localhost", "127.0.0.1");
    if (!isSameHost || Number(port || (protocol === "https:" ? 443 : 80)) !== tcpAddress.port) continue;
    const message =
      `The destination ${text} is this daemon's own address ${formatAddress(tcpAddress)}. ` +
      "Name another with --to, or listen elsewhere with -t.";
    throw new FluoroscopeError("FLUORO_BAD_CONFIG", message);
  }
}

function warnOfProfiles(environment: DaemonSources["environment"]): string[] {
  const names = ["XRAY_DAEMON_CPU_PROFILE", "XRAY_DAEMON_MEMORY_PROFILE"].filter((name) => environment[name]);
  return names.map((name) => `$${name} has no effect here. Profiles are made with node --cpu-prof or --heap-prof.`);
}
