import { invalidRequest } from "./aws-errors.ts";

/**
 * Narrows a value of the body to what an operation expects, or throws InvalidRequestException naming the member.
 * `null` counts as absent: samplers send it for members they have nothing to say about.
 */
export type Check<T> = (value: unknown, name: string) => T;

/** A member that may be absent. */
export interface OptionalCheck<T> extends Check<T | undefined> {
  readonly isOptional: true;
}

type Members = Readonly<Record<string, Check<unknown>>>;
type Shape<M extends Members> = {
  readonly [K in keyof M as M[K] extends OptionalCheck<unknown> ? never : K]: ReturnType<M[K]>;
} & {
  readonly [K in keyof M as M[K] extends OptionalCheck<unknown> ? K : never]?: Exclude<ReturnType<M[K]>, undefined>;
};

/** An object with these members; others are ignored, as AWS does. */
export function object<M extends Members>(members: M): Check<Shape<M>> {
  const checks = Object.entries(members);
  return (value, name) => {
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
}

/** The same, but the member may be left out. */
export function optional<T>(check: Check<T>): OptionalCheck<T> {
  const orAbsent = (value: unknown, name: string): T | undefined =>
    value === undefined ? undefined : check(value, name);
  return Object.assign(orAbsent, { isOptional: true as const });
}

export function list<T>(check: Check<T>, limits: { min?: 1; max?: number } = {}): Check<readonly T[]> {
  const { min = 0, max = Number.POSITIVE_INFINITY } = limits;
  return (value, name) => {
    if (!Array.isArray(value)) throw wrong(name, "a list", value);
    if (value.length < min) throw invalidRequest(`${name} must not be empty.`);
    if (value.length > max) throw invalidRequest(`${name} may have at most ${max} members, and has ${value.length}.`);
    return value.map((item, index) => check(item ?? undefined, `${name}[${index}]`));
  };
}

export function text(limits: { min?: 1; max?: number } = {}): Check<string> {
  const { min = 0, max = Number.POSITIVE_INFINITY } = limits;
  return (value, name) => {
    if (typeof value !== "string") throw wrong(name, "a string", value);
    if (value.length < min) throw invalidRequest(`${name} must not be empty.`);
    if (value.length > max)
      throw invalidRequest(`${name} may have at most ${max} characters, and has ${value.length}.`);
    return value;
  };
}

export function choice<const T extends string>(...choices: readonly T[]): Check<T> {
  return (value, name) => {
    const found = choices.find((candidate) => candidate === value);
    if (found === undefined) throw wrong(name, `one of ${choices.join(", ")}`, value);
    return found;
  };
}

export function number(limits: { min?: number; max?: number } = {}): Check<number> {
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = limits;
  return (value, name) => {
    if (typeof value !== "number" || !Number.isFinite(value)) throw wrong(name, "a number", value);
    if (value < min) throw invalidRequest(`${name} must be at least ${min}, and is ${value}.`);
    if (value > max) throw invalidRequest(`${name} must be at most ${max}, and is ${value}.`);
    return value;
  };
}

export function integer(limits: { min?: number; max?: number } = {}): Check<number> {
  const inLimits = number(limits);
  return (value, name) => {
    if (!Number.isInteger(value)) throw wrong(name, "a whole number", value);
    return inLimits(value, name);
  };
}

/** Epoch seconds, as every client sends them; ISO 8601 text is taken too. */
export const time: Check<number> = (value, name) => {
  const seconds = typeof value === "string" ? Date.parse(value) / 1000 : value;
  // Beyond these a Date, which many clients make of it, has no meaning.
  if (typeof seconds !== "number" || !(Math.abs(seconds) <= 8.64e12)) throw wrong(name, "epoch seconds", value);
  return seconds;
};

export const flag: Check<boolean> = (value, name) => {
  if (typeof value !== "boolean") throw wrong(name, "true or false", value);
  return value;
};

/** An object whose values are whole numbers: counters by name. */
export const counts: Check<Readonly<Record<string, number>>> = (value, name) => {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw wrong(name, "an object", value);
  const whole = integer({ min: 0 });
  const entries = Object.entries(value).filter(([, count]) => count !== null);
  return Object.fromEntries(entries.map(([key, count]) => [key, whole(count, `${name}.${key}`)]));
};

function wrong(name: string, expected: string, value?: unknown): Error {
  if (name === "") return invalidRequest(`The request body must be a JSON object.`);
  if (value === undefined) return invalidRequest(`${name} is missing: it must be ${expected}.`);
  return invalidRequest(`${name} must be ${expected}.`);
}
