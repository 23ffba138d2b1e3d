/** A flag of the command line, under all its names (without dashes). The first is what its values are filed under. */
export interface GoFlag {
  readonly names: readonly [string, ...string[]];
  readonly kind: "text" | "number" | "switch";
}

/** What a command line says: values by each flag's first name in the order given, a wish for help, or a mistake. */
export type GoFlags =
  | { readonly kind: "values"; readonly values: ReadonlyMap<string, readonly string[]> }
  | { readonly kind: "help" }
  | { readonly kind: "mistake"; readonly message: string };

/**
 * Reads words as Go's `flag` package does, which scripts around X-Ray's daemon rely on: one dash or two, `-n x` or
 * `-n=x`, switches only as `-o` or `-o=false`, and nothing is read from the first word on that is no flag. Numbers come
 * out in decimal, switches as `true` or `false`. Mistakes are worded as Go words them.
 */
export function readGoFlags(words: readonly string[], flags: readonly GoFlag[]): GoFlags {
  const byName = new Map(flags.flatMap((flag) => flag.names.map((name) => [name, flag] as const)));
  const values = new Map<string, string[]>();
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at]!;
    if (word.length < 2 || !word.startsWith("-") || word === "--") break;
    const [, name, , inline] = /^--?([^-=][^=]*)(=([\s\S]*))?$/.exec(word) ?? [];
    if (name === undefined) return mistake(`bad flag syntax: ${word}`);
    const flag = byName.get(name);
    if (flag === undefined) {
      return name === "help" || name === "h" ? { kind: "help" } : mistake(`flag provided but not defined: -${name}`);
    }
    const text = inline ?? (flag.kind === "switch" ? "true" : words[++at]);
    if (text === undefined) return mistake(`flag needs an argument: -${name}`);
    const value = read[flag.kind](text);
    if (value === undefined) return mistake(`${invalid[flag.kind](JSON.stringify(text), name)}: parse error`);
    const [key] = flag.names;
    values.set(key, [...(values.get(key) ?? []), value]);
  }
  return { kind: "values", values };
}

function mistake(message: string): GoFlags {
  return { kind: "mistake", message };
}

const invalid: Readonly<Record<GoFlag["kind"], (quoted: string, name: string) => string>> = {
  text: (quoted, name) => `invalid value ${quoted} for flag -${name}`,
  number: (quoted, name) => `invalid value ${quoted} for flag -${name}`,
  switch: (quoted, name) => `invalid boolean value ${quoted} for -${name}`,
};

const read: Readonly<Record<GoFlag["kind"], (text: string) => string | undefined>> = {
  text: (text) => text,
  number: readInteger,
  switch: (text) => {
    if (/^(1|t|T|true|TRUE|True)$/.test(text)) return "true";
    return /^(0|f|F|false|FALSE|False)$/.test(text) ? "false" : undefined;
  },
};

/** Go's integer literals: decimal, `0x`, `0o`, `0b`, octal by a leading zero, underscores between digits. */
function readInteger(text: string): string | undefined {
  const [, sign, literal] =
    /^([+-]?)(0x(?:_?[\da-f])+|0b(?:_?[01])+|0o?(?:_?[0-7])+|0|[1-9](?:_?\d)*)$/i.exec(text) ?? [];
  if (literal === undefined) return undefined;
  const digits = literal.replaceAll("_", "").replace(/^0(?=\d)/, "0o");
  const value = BigInt(digits) * (sign === "-" ? -1n : 1n);
  return BigInt.asIntN(64, value) === value ? String(value) : undefined;
}
