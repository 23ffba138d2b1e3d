/** A rule of a local rules file: the first that fits a request decides. */
interface LocalRule extends LocalTarget {
  readonly host: string;
  readonly httpMethod: string;
  readonly urlPath: string;
}

/** So many requests of each second are recorded, and then a share of the others. */
export interface LocalTarget {
  readonly fixedTarget: number;
  /** 0 to 1. */
  readonly rate: number;
}

/** What decides while no central rules are at hand. */
export interface LocalRules {
  readonly rules: readonly LocalRule[];
  /** For the requests that no rule fits. */
  readonly otherwise: LocalTarget;
}

export type ParsedLocalRules =
  | { readonly kind: "rules"; readonly rules: LocalRules }
  | { readonly kind: "refused"; readonly reason: string };

/** One request a second, then 5 %: what every SDK does when nobody says otherwise. */
export const defaultLocalRules: LocalRules = { rules: [], otherwise: { fixedTarget: 1, rate: 0.05 } };

/**
 * Reads the text of a local rules file of version 1 (which writes `service_name`) or 2 (which writes `host`). Refuses
 * whatever one of the official SDKs refuses.
 */
export function parseLocalRules(text: string): ParsedLocalRules {
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch (error) {
    return refused(`The file is not JSON (${(error as Error).message}).`);
  }
  if (!isObject(file)) return refused("The file must be an object with version, default and rules.");
  const { version, default: otherwise, rules = [] } = file;
  if (version !== 1 && version !== 2) return refused("version must be 1 or 2.");
  if (!isObject(otherwise)) return refused("default must be an object with fixed_target and rate.");
  const target = readTarget(otherwise, "default");
  if (typeof target === "string") return refused(target);
  const stranger = Object.keys(otherwise).find((key) => !targetKeys.includes(key));
  if (stranger !== undefined) return refused(`default is for all other requests: it must not have ${shown(stranger)}.`);
  if (!Array.isArray(rules)) return refused("rules must be a list.");

  const hostKey = version === 1 ? "service_name" : "host";
  const read = rules.map((rule: unknown, index) => readRule(rule, hostKey, `rules.${index}`));
  const problem = read.find((rule) => typeof rule === "string");
  if (problem !== undefined) return refused(problem);
  return { kind: "rules", rules: { rules: read.filter((rule) => typeof rule !== "string"), otherwise: target } };
}

const targetKeys = ["fixed_target", "rate"];

function readRule(rule: unknown, hostKey: "host" | "service_name", where: string): LocalRule | string {
  if (!isObject(rule)) return `${where} must be an object.`;
  const known = [...targetKeys, hostKey, "http_method", "url_path", "description"];
  const stranger = Object.keys(rule).find((key) => !known.includes(key));
  if (stranger !== undefined) return `${where} has ${shown(stranger)}, which no rule of this version has.`;
  const { [hostKey]: host, http_method: httpMethod, url_path: urlPath } = rule;
  if (!isPattern(host)) return `${where}.${hostKey} must be a text that is not empty.`;
  if (!isPattern(httpMethod)) return `${where}.http_method must be a text that is not empty.`;
  if (!isPattern(urlPath)) return `${where}.url_path must be a text that is not empty.`;
  const target = readTarget(rule, where);
  return typeof target === "string" ? target : { host, httpMethod, urlPath, ...target };
}

function readTarget({ fixed_target: fixedTarget, rate }: Fields, where: string): LocalTarget | string {
  if (typeof fixedTarget !== "number" || !Number.isSafeInteger(fixedTarget) || fixedTarget < 0) {
    return `${where}.fixed_target must be a whole number, 0 or more.`;
  }
  if (typeof rate !== "number" || rate < 0 || rate > 1) return `${where}.rate must be a number from 0 to 1.`;
  return { fixedTarget, rate };
}

type Fields = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isPattern(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

function shown(key: string): string {
  return JSON.stringify(key.slice(0, 60));
}

function refused(reason: string): ParsedLocalRules {
  return { kind: "refused", reason };
}
