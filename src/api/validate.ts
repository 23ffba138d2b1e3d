import { invalidRequest } from "./aws-errors.ts";

/**
 * Narrows a value of the body to what an operation expects, or throws InvalidRequestException naming the member.
 * `null` counts as absent: samplers send it for members they have nothing to say about.
 */
export interface Check<T> {
  (value: unknown, name: string): T;
  /** What fits, for people: docs/reference/http-api.md is made from it. */
  readonly says: string;
  /** Of an object, or of the objects in a list. */
  readonly members?: Members;
}

/** A member that may be absent. */
export interface OptionalCheck<T> extends Check<T | undefined> {
  readonly isOptional: true;
}

export type Members = Readonly<Record<string, Check<unknown>>>;
type Shape<M extends Members> = {
  readonly [K in keyof M as M[K] extends OptionalCheck<unknown> ? never : K]: ReturnType<M[K]>;
} & {
  readonly [K in keyof M as M[K] extends OptionalCheck<unknown> ? K : never]?: Exclude<ReturnType<M[K]>, undefined>;
};

/** An object with these members; others are ignored, as AWS does. */
export function object<M extends Members>(members: M): Check<Shape<M>> {
  const checks = Object.entries(members);
  const check = (value: unknown, name: string): Shape<M> => {
    if (typeof value !== "object" || Array.isArray(value) || value === null) throw wrong(name, "an object", value);
    const given = value as Readonly<Record<string, unknown>>;
    const result: Record<string, unknown> = {};
    for (const [key, check] of checks) {
      const member = Object.hasOwn(given, key) ? given[key] : undefined;
      const checked = check(member ?? undefined, name === "" ? key : `${name}.${key}`);
      if (checked !== undefined) result[key] = checked;
    }
    // Each member has passed the check that gives it its type.
    return result as Shape<M>;
  };
  return Object.assign(check, { says: "object", members });
}

/** An object of which exactly one member is present, as AWS's unions are. */
export function oneOf<M extends Members>(members: M): Check<Shape<M>> {
  const shape = object(members);
  const names = Object.keys(members);
  const check = (value: unknown, name: string): Shape<M> => {
    const found = shape(value, name);
    if (Object.keys(found).length === 1) return found;
    throw invalidRequest(`${name} must have exactly one of ${names.join(", ")}.`);
  };
  return Object.assign(check, { says: "exactly one of", members });
}

/** The same, but the member may be left out. */
export function optional<T>(check: Check<T>): OptionalCheck<T> {
  const orAbsent = (value: unknown, name: string): T | undefined =>
    value === undefined ? undefined : check(value, name);
  const { says, members } = check;
  return Object.assign(orAbsent, { isOptional: true as const, says, ...(members && { members }) });
}

export function list<T>(
  check: Check<T>,
  { min = 0, max = Number.POSITIVE_INFINITY }: { min?: number; max?: number } = {},
): Check<readonly T[]> {
  const { says, members } = check;
  const checkList = (value: unknown, name: string): readonly T[] => {
    if (!Array.isArray(value)) throw wrong(name, "a list", value);
    if (value.length < min) throw invalidRequest(`${name} must not be empty.`);
    if (value.length > max) throw invalidRequest(`${name} may have at most ${max} members, and has ${value.length}.`);
    return value.map((item, index) => check(item ?? undefined, `${name}[${index}]`));
  };
  return Object.assign(checkList, {
    says: `list of ${says}${lengths(min, max, " in all")}`,
    ...(members && { members }),
  });
}

interface TextLimits {
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: RegExp;
}

/** Lengths are in UTF-16 units, as the SDKs count them. */
export function text({ min = 0, max = Number.POSITIVE_INFINITY, pattern }: TextLimits = {}): Check<string> {
  const check = (value: unknown, name: string): string => {
    if (typeof value !== "string") throw wrong(name, "a string", value);
    const { length } = value;
    if (length === 0 && min > 0) throw invalidRequest(`${name} must not be empty.`);
    if (length < min) throw invalidRequest(`${name} must have at least ${min} characters, and has ${length}.`);
    if (length > max) throw invalidRequest(`${name} may have at most ${max} characters, and has ${length}.`);
    if (pattern?.test(value) === false) throw invalidRequest(`${name} must match ${pattern.source}.`);
    return value;
  };
  const says = `text${lengths(min, max, " characters")}${pattern === undefined ? "" : `, \`${pattern.source}\``}`;
  return Object.assign(check, { says });
}

export function choice<const T extends string>(...choices: readonly T[]): Check<T> {
  const check = (value: unknown, name: string): T => {
    const found = choices.find((candidate) => candidate === value);
    if (found === undefined) throw wrong(name, `one of ${choices.join(", ")}`, value);
    return found;
  };
  return Object.assign(check, { says: choices.join(", ") });
}

export function number({
  min = Number.NEGATIVE_INFINITY,
  max = Number.POSITIVE_INFINITY,
}: {
  min?: number;
  max?: number;
} = {}): Check<number> {
  const check = (value: unknown, name: string): number => {
    if (typeof value !== "number" || !Number.isFinite(value)) throw wrong(name, "a number", value);
    if (value < min) throw invalidRequest(`${name} must be at least ${min}, and is ${value}.`);
    if (value > max) throw invalidRequest(`${name} must be at most ${max}, and is ${value}.`);
    return value;
  };
  return Object.assign(check, { says: `number${limits(min, max)}` });
}

export function integer(range: { min?: number; max?: number } = {}): Check<number> {
  const inLimits = number(range);
  const check = (value: unknown, name: string): number => {
    if (!Number.isInteger(value)) throw wrong(name, "a whole number", value);
    return inLimits(value, name);
  };
  return Object.assign(check, { says: `whole ${inLimits.says}` });
}

/** Epoch seconds, as every client sends them; ISO 8601 text is taken too. */
export const time: Check<number> = Object.assign(readTime, { says: "time" });

function readTime(value: unknown, name: string): number {
  const seconds = typeof value === "string" ? Date.parse(value) / 1000 : value;
  // Beyond these a Date, which many clients make of it, has no meaning.
  if (typeof seconds !== "number" || !(Math.abs(seconds) <= 8.64e12)) throw wrong(name, "epoch seconds", value);
  return seconds;
}

export const flag: Check<boolean> = Object.assign(readFlag, { says: "true or false" });

function readFlag(value: unknown, name: string): boolean {
  if (typeof value !== "boolean") throw wrong(name, "true or false", value);
  return value;
}

/** An object used as a map: as many members as `max` says, each of which fits `check`; those that are null are absent. */
export function map<T>(
  check: Check<T>,
  { key = text(), max = Number.POSITIVE_INFINITY }: { key?: Check<string>; max?: number } = {},
): Check<Readonly<Record<string, T>>> {
  const checkMap = (value: unknown, name: string): Readonly<Record<string, T>> => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) throw wrong(name, "an object", value);
    const entries = Object.entries(value).filter(([, item]) => item !== null);
    if (entries.length > max) {
      throw invalidRequest(`${name} may have at most ${max} members, and has ${entries.length}.`);
    }
    return Object.fromEntries(
      entries.map(([word, item]) => [key(word, `A key of ${name}`), check(item, `${name}.${word}`)]),
    );
  };
  return Object.assign(checkMap, { says: `map of ${key.says} to ${check.says}${lengths(0, max, " in all")}` });
}

/** Counters by name. */
export const counts: Check<Readonly<Record<string, number>>> = map(integer({ min: 0 }));

/** `1 to 32`, `up to 200`, `0 or more`, or nothing, with a comma before it. */
function limits(min: number, max: number, unit = ""): string {
  const [hasMin, hasMax] = [Number.isFinite(min), Number.isFinite(max)];
  if (hasMin && hasMax) return `, ${min === max ? min : `${min} to ${max}`}${unit}`;
  if (hasMax) return `, up to ${max}${unit}`;
  return hasMin ? `, ${min} or more${unit}` : "";
}

/** A length of 0 or more is no limit. */
function lengths(min: number, max: number, unit = ""): string {
  return limits(min === 0 ? Number.NEGATIVE_INFINITY : min, max, unit);
}

function wrong(name: string, expected: string, value?: unknown): Error {
  if (name === "") return invalidRequest(`The request body must be a JSON object.`);
  if (value === undefined) return invalidRequest(`${name} is missing: it must be ${expected}.`);
  return invalidRequest(`${name} must be ${expected}.`);
}
