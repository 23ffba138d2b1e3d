import { isSameClause, joinClauses, splitClauses } from "./clauses.ts";

/** What matches both the expression and the clause. */
export function narrowFilter(text: string, clause: string): string {
  return joinClauses([...splitClauses(text), clause]);
}

/** The expression without one of its clauses. */
export function dropClause(text: string, clause: string): string {
  return joinClauses(splitClauses(text).filter((each) => !isSameClause(each, clause)));
}

/** Whether an expression is narrowed down by this clause. */
export function hasClause(text: string, clause: string): boolean {
  return splitClauses(text).some((each) => isSameClause(each, clause));
}

/**
 * An expression narrowed down by one more clause, or widened again when it has it.
 *
 * @example refineFilter("", "fault") // "fault"
 */
export function refineFilter(text: string, clause: string): string {
  return hasClause(text, clause) ? dropClause(text, clause) : narrowFilter(text, clause);
}
