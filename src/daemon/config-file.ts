import { FluoroscopeError } from "../errors.ts";
import { type DaemonSetting, daemonSettings } from "./daemon-config.ts";
import { readYamlEntries, type YamlValue } from "./yaml-entries.ts";

/** Reads a whole file; throws the system's error. */
export type ReadFile = (path: string) => string;

/** What cfg.yaml says: texts by key (`Socket.UDPAddress`), lists with commas between, and what is odd but does not matter. */
export interface ConfigFile {
  readonly path: string;
  readonly values: ReadonlyMap<string, string>;
  readonly warnings: readonly string[];
}

/** Where cfg.yaml is looked for when no `-c` names one: the first that is there counts. */
export const configFilePaths: readonly string[] = ["/etc/amazon/xray/cfg.yaml", "cfg.yaml"];

/** Keys that the original passes over without using them. */
const idle = new Set(["idleconntimeout", "maxidleconnsperhost", "maxidleconns"].map((name) => `proxyserver.${name}`));

/** Keys of older daemons, and what to do about each. */
const retired: Readonly<Record<string, string>> = {
  "Profile.CPU": "is no longer supported. Remove it; node --cpu-prof makes profiles.",
  "Profile.Memory": "is no longer supported. Remove it; node --heap-prof makes profiles.",
  "Socket.BufferSizeKB": "is no longer supported. Remove it: the buffer is as large as the system gives.",
  "Logging.LogFormat": "is no longer supported. Remove it, or write Fluoroscope.LogFormat: json.",
  "Processor.BatchProcessorQueueSize": "is no longer supported. Remove it: TotalBufferSizeMB bounds what waits.",
  LogRotation: "has moved. Write LogRotation below Logging.",
  "Processor.Region": "has moved. Write Region at the top.",
  "Processor.Endpoint": "has moved. Write Endpoint at the top.",
  "Processor.Routine": "has moved. Write Concurrency at the top.",
  MemoryLimit: "has a new name. Write TotalBufferSizeMB.",
  Profile: "is not supported. Remove it, and set AWS_PROFILE in the daemon's environment.",
};

/**
 * Finds and reads cfg.yaml, of version 1 or 2: the named one, which must be there, or the first of the usual places.
 * Throws `FLUORO_BAD_CONFIG` for what cannot be read. An unknown key is refused in a named file and warned about in the
 * others, which the original never checks.
 */
export async function readConfigFile(named: string | undefined, readFile: ReadFile): Promise<ConfigFile | undefined> {
  for (const path of named === undefined ? configFilePaths : [named]) {
    const content = contentOf(path, readFile, named !== undefined);
    if (content !== undefined) return read(path, content, named !== undefined);
  }
  return undefined;
}

function contentOf(path: string, readFile: ReadFile, mustExist: boolean): string | undefined {
  try {
    return readFile(path);
  } catch (error) {
    if (!mustExist && isAbsent(error)) return undefined;
    const reason = error instanceof Error ? error.message : String(error);
    throw bad(path, `cannot be read (${reason}). Check the path and its permissions.`, error);
  }
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
}

async function read(path: string, content: string, isNamed: boolean): Promise<ConfigFile> {
  const yaml = await readYamlEntries(content);
  if ("fault" in yaml) throw bad(path, `${yaml.fault}. Write settings as in "Region: eu-central-1", one a line.`);
  checkVersion(path, yaml.entries);
  const warnings: string[] = [];
  const values = new Map<string, string>();
  for (const [key, value] of yaml.entries) {
    const setting = settingsByKey.get(key);
    if (setting !== undefined) {
      const text = textOf(value, setting.kind);
      if (text === undefined) throw bad(path, `has a ${key} that is no ${nouns[setting.kind]}. ${setting.remedy}`);
      // As in the original, an empty text and a zero say nothing.
      if (text !== "" && !(setting.kind === "number" && text === "0")) values.set(key, text);
    } else if (key !== "Version" && !idle.has(key)) {
      const sentence = Object.hasOwn(retired, key) ? `has the key ${key}, which ${retired[key]}` : describeUnknown(key);
      if (isNamed) throw bad(path, sentence);
      warnings.push(sentenceAbout(path, sentence));
    }
  }
  return { path, values, warnings };
}

const settingsByKey: ReadonlyMap<string, DaemonSetting<unknown>> = new Map(
  Object.values<DaemonSetting<unknown>>(daemonSettings).map((setting) => [setting.key, setting]),
);

function checkVersion(path: string, entries: ReadonlyMap<string, YamlValue>): void {
  const version = entries.get("Version");
  if (version === undefined) throw bad(path, "has no Version. Write Version: 2 as its first line.");
  if (version.kind !== "scalar" || (version.value !== 1 && version.value !== 2)) {
    throw bad(path, "has a Version that is neither 1 nor 2. Write Version: 2.");
  }
}

const nouns: Readonly<Record<DaemonSetting<unknown>["kind"], string>> = {
  text: "text",
  number: "number",
  switch: "true or false",
  list: "text or list of texts",
};

/** Answers `undefined` for a value of another type. */
function textOf(value: YamlValue, kind: DaemonSetting<unknown>["kind"]): string | undefined {
  if (value.kind === "nothing") return "";
  if (value.kind === "list" && kind === "list") {
    const texts = value.items.map((item) => (item.kind === "scalar" ? item.written : undefined));
    return texts.includes(undefined) ? undefined : texts.join(",");
  }
  if (value.kind !== "scalar") return undefined;
  switch (kind) {
    case "text":
    case "list":
      return value.written;
    case "number":
      return typeof value.value === "number" && Number.isFinite(value.value)
        ? String(Math.trunc(value.value))
        : undefined;
    case "switch":
      return typeof value.value === "boolean" ? String(value.value) : undefined;
    default:
      return kind satisfies never;
  }
}

function describeUnknown(key: string): string {
  const section = key.split(".", 1)[0]!;
  const inSection = [...settingsByKey.keys()].filter((known) => known.startsWith(`${section}.`));
  const children = inSection.map((known) => known.slice(section.length + 1)).join(", ");
  if (children !== "" && key === section) {
    return `has a section ${key} without settings. Remove it, or write some of these into it: ${children}.`;
  }
  if (children !== "") return `has an unknown key ${key}. Remove it or mend it: ${section} knows ${children}.`;
  const tops = new Set([...settingsByKey.keys()].map((known) => known.split(".", 1)[0]!));
  return `has an unknown key ${key}. Remove it or mend it: known are Version, ${[...tops].join(", ")}.`;
}

function bad(path: string, sentence: string, cause?: unknown): FluoroscopeError {
  return new FluoroscopeError("FLUORO_BAD_CONFIG", sentenceAbout(path, sentence), { cause });
}

const sentenceAbout = (path: string, sentence: string): string => `The configuration file ${path} ${sentence}`;
