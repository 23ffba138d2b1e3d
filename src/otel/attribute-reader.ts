import { asInteger } from "../trace/members.ts";
import type { Attributes, AttributeValue } from "./span.ts";

type Scalar = string | number | boolean;
type Entry = readonly [key: string, value: AttributeValue];

/** One key, or several that mean the same: the first that says something counts. */
type Keys = string | readonly string[];

/**
 * Attributes, read by what they mean. Of the keys that a question names, in old and new spelling, the first that says
 * something answers it, and all of them count as read: what nobody has read is `left`, to be kept as it came.
 */
export class AttributeReader {
  readonly #attributes: Attributes;
  readonly #hidden: ReadonlySet<string> | undefined;
  readonly #read = new Set<string>();

  /** What is hidden answers no question, and is not left either. */
  constructor(attributes: Attributes, hidden?: ReadonlySet<string>) {
    this.#attributes = attributes;
    this.#hidden = hidden;
  }

  text(keys: Keys): string | undefined {
    return this.#find(keys, textOf);
  }

  integer(keys: Keys): number | undefined {
    return this.#find(keys, asInteger);
  }

  scalar(keys: Keys): Scalar | undefined {
    return this.#find(keys, scalarOf);
  }

  /** The texts of a list; a text alone is a list of one. */
  texts(keys: Keys): readonly string[] | undefined {
    return this.#find(keys, textsOf);
  }

  isTrue(key: string): boolean {
    return this.#find(key, booleanOf) === true;
  }

  /** As `text`, without counting it as read. */
  look(keys: Keys): string | undefined {
    return this.#look(keys, textOf);
  }

  lookInteger(keys: Keys): number | undefined {
    return this.#look(keys, asInteger);
  }

  has(keys: Keys): boolean {
    return this.#look(keys, itself) !== undefined;
  }

  /** Counts keys as read. */
  skip(keys: Keys): void {
    if (typeof keys === "string") this.#read.add(keys);
    else for (const key of keys) if (this.#attributes.has(key)) this.#read.add(key);
  }

  /** What stands below a prefix that ends in a dot, under the rest of its key. */
  below(prefix: string): readonly Entry[] {
    const found: Entry[] = [];
    for (const [key, value] of this.#attributes) {
      if (!key.startsWith(prefix) || !this.#isOpen(key)) continue;
      this.#read.add(key);
      found.push([key.slice(prefix.length), value]);
    }
    return found;
  }

  /** What nobody has read. */
  left(): Entry[] {
    const left: Entry[] = [];
    for (const entry of this.#attributes) if (this.#isOpen(entry[0])) left.push(entry);
    return left;
  }

  #isOpen(key: string): boolean {
    return !this.#read.has(key) && !this.#hidden?.has(key);
  }

  #find<Value>(keys: Keys, as: (value: unknown) => Value | undefined): Value | undefined {
    if (typeof keys === "string") return this.#take(keys, as);
    let found: Value | undefined;
    for (const key of keys) {
      const value = this.#take(key, as);
      if (found === undefined) found = value;
    }
    return found;
  }

  #take<Value>(key: string, as: (value: unknown) => Value | undefined): Value | undefined {
    const value = this.#value(key, as);
    if (value !== undefined) this.#read.add(key);
    return value;
  }

  #look<Value>(keys: Keys, as: (value: unknown) => Value | undefined): Value | undefined {
    if (typeof keys === "string") return this.#value(keys, as);
    for (const key of keys) {
      const value = this.#value(key, as);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  #value<Value>(key: string, as: (value: unknown) => Value | undefined): Value | undefined {
    const value = this.#attributes.get(key);
    return value === undefined || this.#hidden?.has(key) ? undefined : as(value);
  }
}

const itself = (value: unknown): unknown => value;

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function scalarOf(value: unknown): Scalar | undefined {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : undefined;
}

function booleanOf(value: unknown): boolean | undefined {
  return typeof value === "boolean" ? value : undefined;
}

function textsOf(value: unknown): readonly string[] | undefined {
  if (typeof value === "string") return [value];
  return Array.isArray(value) && value.every((item) => typeof item === "string") ? value : undefined;
}
