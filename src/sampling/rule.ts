/** A sampling rule: which requests it is for, and how many of them are recorded. Patterns know `*` and `?`. */
export interface SamplingRule {
  readonly name: string;
  /** The smallest is tried first. */
  readonly priority: number;
  /** How many requests a second are recorded first of all, by all clients together. */
  readonly reservoirSize: number;
  /** The share of the others that is recorded, 0 to 1. */
  readonly fixedRate: number;
  readonly serviceName: string;
  /** The segment's origin. */
  readonly serviceType: string;
  readonly host: string;
  readonly httpMethod: string;
  readonly urlPath: string;
  readonly resourceArn: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly version: number;
}

/** The rule for whatever no other rule is for. It is always there. */
export const defaultRule: SamplingRule = {
  name: "Default",
  priority: 10_000,
  reservoirSize: 1,
  fixedRate: 0.05,
  serviceName: "*",
  serviceType: "*",
  host: "*",
  httpMethod: "*",
  urlPath: "*",
  resourceArn: "*",
  attributes: {},
  version: 1,
};

/** The rules in the order in which they are tried: by priority, then by name. */
export function inOrder(rules: readonly SamplingRule[]): SamplingRule[] {
  return rules.toSorted((a, b) => a.priority - b.priority || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

/** True if X-Ray's SDKs take the rule; they skip rules about attributes, about one resource, and of other versions. */
export function isForSdks(rule: SamplingRule): boolean {
  return rule.version === 1 && rule.resourceArn === "*" && Object.keys(rule.attributes).length === 0;
}

/** The first of X-Ray's limits that a rule breaks, as a sentence in the API's words; undefined if it keeps them all. */
export function brokenLimit(rule: SamplingRule): string | undefined {
  const { priority, reservoirSize, fixedRate, version } = rule;
  const isDefault = rule.name === defaultRule.name;
  if (rule.name.length < 1 || rule.name.length > 32) return "RuleName must have 1 to 32 characters.";
  if (isDefault ? priority !== defaultRule.priority : !isWhole(priority, 1, 9_999)) {
    return isDefault ? "Priority of Default must be 10000." : "Priority must be a whole number from 1 to 9999.";
  }
  if (!(fixedRate >= 0 && fixedRate <= 1)) return "FixedRate must be a number from 0 to 1.";
  if (!isWhole(reservoirSize, 0, 2 ** 31 - 1)) return "ReservoirSize must be a whole number, 0 or more.";
  if (version !== 1) return "Version must be 1.";
  return tooLong(rule) ?? brokenAttributes(Object.entries(rule.attributes));
}

const maxLengths: readonly [member: string, key: keyof SamplingRule & TextKey, max: number][] = [
  ["ServiceName", "serviceName", 64],
  ["ServiceType", "serviceType", 64],
  ["Host", "host", 64],
  ["HTTPMethod", "httpMethod", 10],
  ["URLPath", "urlPath", 128],
  ["ResourceARN", "resourceArn", 500],
];

type TextKey = "serviceName" | "serviceType" | "host" | "httpMethod" | "urlPath" | "resourceArn";

function tooLong(rule: SamplingRule): string | undefined {
  const broken = maxLengths.find(([, key, max]) => rule[key].length > max);
  return broken && `${broken[0]} must have at most ${broken[2]} characters.`;
}

function brokenAttributes(attributes: readonly (readonly [string, string])[]): string | undefined {
  if (attributes.length > 5) return "Attributes must be at most 5 pairs.";
  const isFitting = (text: string): boolean => text.length >= 1 && text.length <= 32;
  const broken = attributes.some((pair) => !pair.every(isFitting));
  return broken ? "Keys and values of Attributes must have 1 to 32 characters." : undefined;
}

function isWhole(value: number, min: number, max: number): boolean {
  return Number.isInteger(value) && value >= min && value <= max;
}
