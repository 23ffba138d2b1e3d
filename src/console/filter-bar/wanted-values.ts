import { isWordPart, readTokens } from "../../filter/lexer.ts";
import { expectationsAfter } from "../../filter/parser.ts";

/** Whose values may stand at the cursor, and what is typed of one. */
export interface WantedValues {
  /** As filter expressions have it: `user`, `annotation.tier`, `service`. */
  readonly keyword: string;
  readonly contains: string;
}

/** What to ask the data for so that the word at the cursor can be completed; `undefined` where that takes no data. */
export function wantedValues(text: string, cursor: number): WantedValues | undefined {
  const open = readTokens(text.slice(0, cursor)).find((token) => token.kind === "unclosed text");
  let from = open?.at ?? cursor;
  if (open === undefined) while (from > 0 && isWordPart(text.charCodeAt(from - 1))) from -= 1;
  const contains = open?.value ?? text.slice(from, cursor);
  for (const expectation of expectationsAfter(text.slice(0, from))) {
    switch (expectation.kind) {
      case "text":
      case "annotation value":
        return { keyword: expectation.of, contains };
      case "node":
        return { keyword: "service", contains };
      case "annotation key":
        return { keyword: "annotation", contains };
      case "term":
        // Keys stand among the keywords, and are worth asking for once one has begun.
        if (/^annotation\./i.test(contains)) return { keyword: "annotation", contains: contains.slice(11) };
        break;
    }
  }
  return undefined;
}
