import { FilterSyntaxError } from "../../errors.ts";
import { readTokens } from "../../filter/lexer.ts";
import { parseFilter } from "../../filter/parser.ts";

/** What is wrong with an expression, and at which character. */
export interface FilterFault {
  readonly at: number;
  readonly message: string;
}

/** Reads an expression as the server would; `undefined` when it is right. */
export function checkFilter(text: string): FilterFault | undefined {
  try {
    parseFilter(text);
    return undefined;
  } catch (error) {
    if (error instanceof FilterSyntaxError) return { at: error.at, message: error.message };
    throw error;
  }
}

/** A fault that more typing may mend: the expression is right up to its last word, or to its end. */
export function isUnfinished(text: string, fault: FilterFault): boolean {
  const last = readTokens(text).findLast((token) => token.kind !== "end");
  return fault.at >= text.trimEnd().length || (last !== undefined && fault.at === last.at && last.end === text.length);
}

/**
 * An expression narrowed down by one more clause, or widened again when it already ends with it.
 *
 * @example refineFilter("", "fault") // "fault"
 */
export function refineFilter(text: string, clause: string): string {
  const trimmed = text.trim();
  if (trimmed === "" || trimmed === clause) return trimmed === "" ? clause : "";
  const tail = ` AND ${clause}`;
  if (trimmed.endsWith(tail)) {
    const rest = trimmed.slice(0, -tail.length);
    const inner = /^\((.*)\)$/s.exec(rest)?.[1];
    // The brackets were ours only if what they hold stands without them.
    return inner !== undefined && checkFilter(inner) === undefined ? inner : rest;
  }
  return /\bor\b/i.test(trimmed) ? `(${trimmed})${tail}` : `${trimmed}${tail}`;
}

/** Whether an expression is narrowed down by this clause. */
export function hasClause(text: string, clause: string): boolean {
  const trimmed = text.trim();
  return trimmed === clause || trimmed.endsWith(` AND ${clause}`);
}
