import { parseFilter } from "../../filter/parser.ts";
import { checkFilter } from "./check-filter.ts";

/** What matches both the expression and the clause. */
export function narrowFilter(text: string, clause: string): string {
  const trimmed = text.trim();
  if (trimmed === "") return clause;
  const bare = `${trimmed} AND ${clause}`;
  // OR binds less than AND: where it would take the clause apart, it needs brackets.
  const isWhole = checkFilter(bare) === undefined && parseFilter(bare).kind === "and";
  return isWhole ? bare : `(${trimmed}) AND ${clause}`;
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
  return narrowFilter(trimmed, clause);
}

/** Whether an expression is narrowed down by this clause. */
export function hasClause(text: string, clause: string): boolean {
  const trimmed = text.trim();
  return trimmed === clause || trimmed.endsWith(` AND ${clause}`);
}
