import { asInteger } from "../trace/members.ts";
import type { Attributes, AttributeValue } from "./span.ts";

type Scalar = string | number | boolean;

/**
 * Attributes, read by what they mean. Of the keys that a question names, in old and new spelling, the first that says
 * something answers it, and all of them count as read: what nobody has read is `left`, to be kept as it came.
 */
export class AttributeReader {
  readonly #attributes: Attributes;
  readonly #hidden: ReadonlySet<string>;
  readonly #read = new Set<string>();

  /** What is hidden answers no question, and is not left either. */
  constructor(attributes: Attributes, hidden: ReadonlySet<string> = nothing) {
    this.#attributes = attributes;
    this.#hidden = hidden;
  }

  text(...keys: readonly string[]): string | undefined {
    return this.#find(keys, textOf);
  }

  integer(...keys: readonly string[]): number | undefined {
    return this.#find(keys, asInteger);
  }

  scalar(...keys: readonly string[]): Scalar | undefined {
    return this.#find(keys, scalarOf);
  }

  /** The texts of a list; a text alone is a list of one. */
  texts(...keys: readonly string[]): readonly string[] | undefined {
    return this.#find(keys, textsOf);
  }

  isTrue(key: string): boolean {
    return this.#find([key], (value) => (typeof value === "boolean" ? value : undefined)) ?? false;
  }

  /** As `text`, without counting it as read. */
  look(...keys: readonly string[]): string | undefined {
    for (const key of keys) {
      const text = textOf(this.#value(key));
      if (text !== undefined) return text;
    }
    return undefined;
  }

  lookInteger(...keys: readonly string[]): number | undefined {
    for (const key of keys) {
      const number = asInteger(this.#value(key));
      if (number !== undefined) return number;
    }
    return undefined;
  }

  has(...keys: readonly string[]): boolean {
    return keys.some((key) => this.#value(key) !== undefined);
  }

  /** Counts keys as read. */
  skip(...keys: readonly string[]): void {
    for (const key of keys) this.#read.add(key);
  }

  /** What stands below a prefix that ends in a dot, under the rest of its key. */
  below(prefix: string): readonly (readonly [key: string, value: AttributeValue])[] {
    const found: [string, AttributeValue][] = [];
    for (const [key, value] of this.#attributes) {
      if (!key.startsWith(prefix) || this.#hidden.has(key) || this.#read.has(key)) continue;
      this.#read.add(key);
      found.push([key.slice(prefix.length), value]);
    }
    return found;
  }

  /** What nobody has read. */
  left(): readonly (readonly [key: string, value: AttributeValue])[] {
    const left: [string, AttributeValue][] = [];
    for (const [key, value] of this.#attributes) {
      if (!this.#read.has(key) && !this.#hidden.has(key)) left.push([key, value]);
    }
    return left;
  }

  #find<Value>(keys: readonly string[], as: (value: unknown) => Value | undefined): Value | undefined {
    let found: Value | undefined;
    for (const key of keys) {
      const attribute = this.#value(key);
      const value = attribute === undefined ? undefined : as(attribute);
      if (value === undefined) continue;
      this.#read.add(key);
      found ??= value;
    }
    return found;
  }

  #value(key: string): AttributeValue | undefined {
    const value = this.#attributes.get(key);
    return value === undefined || this.#hidden.has(key) ? undefined : value;
  }
}

const nothing: ReadonlySet<string> = new Set();

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function scalarOf(value: unknown): Scalar | undefined {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : undefined;
}

function textsOf(value: unknown): readonly string[] | undefined {
  if (typeof value === "string") return [value];
  return Array.isArray(value) && value.every((item) => typeof item === "string") ? value : undefined;
}
