/** A place where bytes from elsewhere come in, for the fuzzer. */
export interface Door {
  readonly name: string;
  /** What is well-formed, or nearly: what the fuzzer starts from. */
  readonly seeds: readonly Uint8Array[];
  /** The same as values of JSON, which are changed as such, and how they are written. */
  readonly values?: readonly unknown[];
  readonly write?: (value: unknown) => Uint8Array;
  /** What it puts in here and there. */
  readonly words: readonly string[];
  /** Answers in a word what became of the bytes. Throws when they broke something. */
  readonly knock: (bytes: Uint8Array) => string | Promise<string>;
  /** Answers of which each must come, or the fuzzer does not reach what it should. */
  readonly answers: readonly string[];
}

/** The usual way to write a value. */
export const asJson = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value) ?? "null");

/** Texts as seeds. */
export function seedsOf(...texts: readonly string[]): Uint8Array[] {
  return texts.map((text) => Buffer.from(text));
}

/** What upsets programs that read JSON. */
export const jsonWords: readonly string[] = [
  '"__proto__"',
  '"constructor"',
  '"prototype"',
  '{"__proto__":{"polluted":1}}',
  '{"constructor":{"prototype":{"polluted":1}}}',
  "1e999",
  "-1e999",
  "-0",
  "5e-324",
  "1e-400",
  "9007199254740993",
  "18446744073709551616",
  "NaN",
  "-Infinity",
  "null",
  "[]",
  "{}",
  '""',
  '"\\ud800"',
  '"\\udc00\\ud800"',
  '"\\u0000"',
  '"\\u202e\\u001b[31m\\r\\n"',
  '"<script>alert(1)</script>"',
  "[[[[[[[[[[[[",
  "]]]]]]]]]]]]",
  '{"a":',
  '"\\"\\"\\"\\"',
  ",,",
  "\ufeff",
];
