import { ToolMistake } from "./tool.ts";

/** So many characters of JSON at most: an agent reads all of it, and pays for it. */
const mostCharacters = 16_000;
/** Longer texts, as SQL or stacks, are cut. */
const mostOfText = 600;

/** A part of a list, and where the next one begins. */
export interface Page<Item> {
  readonly items: readonly Item[];
  /** To be handed back for what follows; absent at the end. */
  readonly nextCursor?: string;
}

/** As many items from the cursor on as fit an answer: `limit` at most, and one at least. */
export function pageOf<Item>(all: readonly Item[], cursor: string | undefined, limit: number): Page<Item> {
  const from = readCursor(cursor);
  const items: Item[] = [];
  let characters = 0;
  for (const item of all.slice(from, from + limit)) {
    characters += JSON.stringify(item).length;
    if (items.length > 0 && characters > mostCharacters) break;
    items.push(item);
  }
  const next = from + items.length;
  return { items, ...(next < all.length && { nextCursor: writeCursor(next) }) };
}

/** Where a page begins. */
export function readCursor(cursor: string | undefined): number {
  if (cursor === undefined) return 0;
  const digits = /^c(\d{1,7})$/.exec(cursor)?.[1];
  if (digits === undefined) throw new ToolMistake(`"${cursor}" is no cursor. Hand back a nextCursor as it was given.`);
  return Number(digits);
}

const writeCursor = (from: number): string => `c${from}`;

/**
 * A value made fit to be read by an agent: texts cut, and without control characters, which have no meaning there but may
 * have an effect somewhere on the way.
 */
export function fitted(value: unknown): unknown {
  if (typeof value === "string") return fitText(value);
  if (typeof value === "number") return Number.isInteger(value) ? value : Number(value.toPrecision(6));
  if (Array.isArray(value)) return value.map(fitted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [fitText(key), fitted(each)]));
}

function fitText(text: string): string {
  const clean = text.replace(/[\p{Cc}\p{Cf}]/gu, (character) => (/[\n\t]/.test(character) ? character : "\ufffd"));
  return clean.length <= mostOfText
    ? clean
    : `${clean.slice(0, mostOfText)}… (${clean.length - mostOfText} more characters)`;
}
