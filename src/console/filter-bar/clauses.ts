import { readTokens } from "../../filter/lexer.ts";
import { checkFilter, readTyped } from "./check-filter.ts";

/**
 * The parts of an expression that must all hold, as they were typed. One that cannot be taken apart is one part.
 *
 * @example splitClauses('fault AND service("a") { ok AND root }') // ["fault", 'service("a") { ok AND root }']
 */
export function splitClauses(text: string): string[] {
  const trimmed = text.trim();
  if (trimmed === "") return [];
  const clauses: string[] = [];
  let depth = 0;
  let from = 0;
  for (const { kind, value, at, end } of readTokens(trimmed)) {
    if (kind === "symbol" && "({[".includes(value)) depth += 1;
    else if (kind === "symbol" && ")}]".includes(value)) depth -= 1;
    if (kind !== "word" || depth > 0) continue;
    if (/^or$/i.test(value)) return [trimmed];
    if (!/^and$/i.test(value)) continue;
    clauses.push(trimmed.slice(from, at).trim());
    from = end;
  }
  clauses.push(trimmed.slice(from).trim());
  // AND may be a name, too: what would not stand alone was no clause.
  return clauses.every((clause) => clause !== "" && checkFilter(clause) === undefined) ? clauses : [trimmed];
}

/**
 * One expression of clauses that must all hold.
 *
 * @example joinClauses(["ok OR error", "root"]) // "(ok OR error) AND root"
 */
export function joinClauses(clauses: readonly string[]): string {
  const [only] = clauses;
  if (clauses.length === 1 && only !== undefined) {
    // Brackets around an AND make one clause of it, which is to be found again as one.
    return splitClauses(unwrapped(only)).length === 1 ? unwrapped(only) : only;
  }
  return clauses.map(wrapped).join(" AND ");
}

/** In brackets where an AND beside it would take it apart. */
function wrapped(clause: string): string {
  return isChoice(clause) ? `(${clause})` : clause;
}

/** Whether two clauses are one but for brackets around them. */
export function isSameClause(a: string, b: string): boolean {
  return unwrapped(a) === unwrapped(b);
}

/** Without the brackets around all of it, which it does not need when it stands alone. */
export function unwrapped(clause: string): string {
  const inner = /^\((.*)\)$/s.exec(clause)?.[1];
  return inner !== undefined && checkFilter(inner) === undefined ? inner.trim() : clause;
}

/** Whether a clause is alternatives without brackets around them. */
function isChoice(clause: string): boolean {
  if (checkFilter(clause) !== undefined || unwrapped(clause) !== clause) return false;
  return readTyped(clause).kind === "or";
}
