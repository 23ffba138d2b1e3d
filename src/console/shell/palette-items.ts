import { parseTraceId } from "../../xray/trace-id.ts";

/** Something that the palette can do. */
export interface PaletteItem {
  readonly id: string;
  readonly label: string;
  /** What it is: a page, a service, an action. */
  readonly kind: string;
  /** Where it leads; absent for what is done in place. */
  readonly href?: string;
  readonly run?: () => void;
  /** More words to find it by. */
  readonly also?: string;
}

/** The items that a text asks for, the best first: whole words before parts of words, labels before other words. */
export function findItems(items: readonly PaletteItem[], text: string): PaletteItem[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [...items];
  return items
    .map((item) => ({ item, score: scoreOf(item, words) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ item }) => item);
}

/** What a text stands for by itself: the id of a trace. */
export function typedTrace(text: string): string | undefined {
  return parseTraceId(text.trim());
}

function scoreOf({ label, kind, also = "" }: PaletteItem, words: readonly string[]): number {
  const name = label.toLowerCase();
  const others = `${kind} ${also}`.toLowerCase();
  let score = 0;
  for (const word of words) {
    if (name.startsWith(word)) score += 4;
    else if (name.includes(` ${word}`)) score += 3;
    else if (name.includes(word)) score += 2;
    else if (others.includes(word)) score += 1;
    else return 0;
  }
  return score;
}
