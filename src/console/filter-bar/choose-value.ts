import type { FacetKind, Named } from "../../analysis/facet.ts";
import { readTokens } from "../../filter/lexer.ts";
import { isSameClause, joinClauses, splitClauses, unwrapped } from "./clauses.ts";
import { facetClause, hasOneValue } from "./facet-clause.ts";
import { dropClause, hasClause, narrowFilter } from "./refine-filter.ts";

/** How an expression stands to one value of an attribute. */
export type Choice = "included" | "excluded" | "free";

type FacetId = { readonly kind: FacetKind; readonly key?: string };

/** What the expression says of the value. */
export function choiceOf(filter: string, facet: FacetId, named: Named): Choice {
  const clause = facetClause(facet, named);
  if (hasClause(filter, `!${clause}`)) return "excluded";
  const isIncluded = splitClauses(filter).some((each) => alternativesOf(each).some((one) => isSameClause(one, clause)));
  return isIncluded ? "included" : "free";
}

/**
 * The expression with the value included or excluded, or neither when it was so before. Of an attribute that a trace has
 * once, a second value is an alternative to the first.
 */
export function chooseValue(filter: string, facet: FacetId, named: Named, wish: "include" | "exclude"): string {
  const clause = facetClause(facet, named);
  const choice = choiceOf(filter, facet, named);
  const without = choice === "excluded" ? dropClause(filter, `!${clause}`) : withoutValue(filter, clause);
  if (wish === "exclude") return choice === "excluded" ? without : narrowFilter(without, `!${clause}`);
  if (choice === "included") return without;
  if (!hasOneValue(facet.kind)) return narrowFilter(without, clause);
  const clauses = splitClauses(without);
  const at = clauses.findIndex((each) => alternativesOf(each).every((one) => isOfFacet(one, facet)));
  if (at === -1) return narrowFilter(without, clause);
  return joinClauses(clauses.with(at, `(${alternativesOf(clauses[at]!).join(" OR ")} OR ${clause})`));
}

function withoutValue(filter: string, clause: string): string {
  const clauses = splitClauses(filter).flatMap((each) => {
    const alternatives = alternativesOf(each);
    const left = alternatives.filter((one) => !isSameClause(one, clause));
    if (left.length === alternatives.length) return [each];
    return left.length === 0 ? [] : [left.length === 1 ? left[0]! : `(${left.join(" OR ")})`];
  });
  return joinClauses(clauses);
}

/** The sides of the ORs of a clause; what has none is its own only one. */
function alternativesOf(clause: string): string[] {
  const inner = unwrapped(clause);
  const alternatives: string[] = [];
  let depth = 0;
  let from = 0;
  for (const { kind, value, at, end } of readTokens(inner)) {
    if (kind === "symbol" && "({[".includes(value)) depth += 1;
    else if (kind === "symbol" && ")}]".includes(value)) depth -= 1;
    if (kind !== "word" || depth > 0) continue;
    if (/^and$/i.test(value)) return [clause];
    if (!/^or$/i.test(value)) continue;
    alternatives.push(inner.slice(from, at).trim());
    from = end;
  }
  return alternatives.length === 0 ? [clause] : [...alternatives, inner.slice(from).trim()];
}

function isOfFacet(clause: string, { kind }: FacetId): boolean {
  if (kind === "status") return /^http\.status = \d+$/.test(clause);
  return /^\(?(http\.method = "[^"]*" AND )?http\.url (=|BEGINSWITH) "(\\.|[^"\\])*"\)?$/.test(clause);
}
