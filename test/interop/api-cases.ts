import { readFileSync } from "node:fs";

/** A call before or after another, and its input. */
type Step = readonly [operation: string, input: object];

/** What is sent to one operation. */
export interface OperationCases {
  /** Nothing but what is required. */
  readonly least: object;
  /** Together these set every member. */
  readonly full: readonly object[];
  readonly before?: Step;
  readonly after?: Step;
  /** One of these is needed, though the model requires none. */
  readonly either?: readonly string[];
}

/** As much of the table as is read here; clients/walk_model.py reads the rest. */
interface ApiCases {
  readonly operations: Readonly<Record<string, OperationCases>>;
  readonly answers: { readonly neverSent: Readonly<Record<string, string>> };
}

/** What is sent to each operation, by all clients. */
export const apiCases: ApiCases = JSON.parse(readFileSync(new URL("api-cases.json", import.meta.url), "utf8"));

/** The value with what its `$words` stand for. */
export function fillIn(value: unknown, words: Readonly<Record<string, unknown>>): unknown {
  if (Array.isArray(value)) return value.map((item) => fillIn(item, words));
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fillIn(item, words)]));
  }
  if (typeof value !== "string" || !value.startsWith("$")) return value;
  return value
    .slice(1)
    .split(".")
    .reduce<unknown>((at, part) => (at as Record<string, unknown>)[part], words);
}
