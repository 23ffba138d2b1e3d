import type { TraceDigest } from "../trace/digest.ts";
import type { AnnotationValue } from "../trace/segment.ts";
import type { AnnotationTest, Filter, FlagKeyword } from "./tree.ts";

/**
 * What a store can look a trace up by: `a:<key>=<type>:<value>` for its annotations, `n:` for the names of its nodes,
 * `u:` for its users, `s:` for the status of its entry, and the flags by which whole traces are sorted.
 */
export function digestTerms(digest: TraceDigest): Set<string> {
  const terms = new Set<string>();
  for (const node of digest.nodes) terms.add(nameTerm(node.name));
  for (const segment of digest.segments) {
    if (segment.user !== undefined) terms.add(userTerm(segment.user));
    for (const [key, value] of segment.annotations) terms.add(annotationTerm(key, value));
    if (segment.throttle) terms.add("throttle");
  }
  if (digest.isPartial) terms.add("partial");
  const entry = digest.entry === undefined ? undefined : digest.segments[digest.entry];
  if (entry === undefined) return terms;
  if (entry.http?.status !== undefined) terms.add(statusTerm(entry.http.status));
  if (entry.fault) terms.add("fault");
  if (entry.error) terms.add("error");
  if (!entry.inProgress && !entry.fault && !entry.error && !entry.throttled) terms.add("ok");
  return terms;
}

/**
 * What the terms of a trace must hold if it is to match: at least one term of each clause. An empty list says that
 * nothing can be looked up. Having the terms is not enough to match.
 */
export function requiredTerms(filter: Filter): readonly (readonly string[])[] {
  return clausesOf(filter, traceScope);
}

type Clause = readonly string[];
type TermsOfTest = (filter: Filter) => readonly Clause[];

function clausesOf(filter: Filter, termsOfTest: TermsOfTest): readonly Clause[] {
  switch (filter.kind) {
    case "and":
      return filter.terms.flatMap((term) => clausesOf(term, termsOfTest));
    case "or":
      return eitherOf(filter.terms.map((term) => clausesOf(term, termsOfTest)));
    case "not":
      return clausesOfNegation(filter.term, termsOfTest);
    default:
      return termsOfTest(filter);
  }
}

/** The negation of a test requires nothing; that of a group is moved inwards, where negations may cancel out. */
function clausesOfNegation(filter: Filter, termsOfTest: TermsOfTest): readonly Clause[] {
  switch (filter.kind) {
    case "and":
      return eitherOf(filter.terms.map((term) => clausesOfNegation(term, termsOfTest)));
    case "or":
      return filter.terms.flatMap((term) => clausesOfNegation(term, termsOfTest));
    case "not":
      return clausesOf(filter.term, termsOfTest);
    default:
      return [];
  }
}

/** One clause out of the most telling one of each alternative; none when an alternative requires nothing. */
function eitherOf(alternatives: readonly (readonly Clause[])[]): readonly Clause[] {
  const best = alternatives.map((clauses) => clauses.toSorted((a, b) => commonness(a) - commonness(b))[0]);
  if (best.some((clause) => clause === undefined)) return [];
  return [[...new Set(best.flatMap((clause) => clause!))]];
}

/** How many traces a clause is likely to let through, as an order: users are rarer than services, and flags are common. */
function commonness(clause: Clause): number {
  return Math.max(...clause.map((term) => kindsByRarity.findIndex((kind) => term.startsWith(kind))));
}

const kindsByRarity = ["a:", "u:", "n:", "s:", "fault", "throttle", "error", "partial", "ok"];
const traceFlags: ReadonlySet<FlagKeyword> = new Set(["fault", "throttle", "error", "partial", "ok"]);

const traceScope: TermsOfTest = (filter) => {
  switch (filter.kind) {
    case "flag":
      return traceFlags.has(filter.keyword) ? [[filter.keyword]] : [];
    case "number":
      return filter.keyword === "http.status" && filter.test.operator === "=" ? [[statusTerm(filter.test.value)]] : [];
    case "service":
      return [...nameClause(filter.node.name), ...clausesOf(filter.where, blockScope)];
    case "edge":
      return [...nameClause(filter.from.name), ...nameClause(filter.to.name), ...clausesOf(filter.where, blockScope)];
    default:
      return textClauses(filter);
  }
};

/** In the block of a service or an edge flags and status are those of any segment, which are not among the terms. */
const blockScope: TermsOfTest = (filter) => {
  if (filter.kind === "text" && filter.keyword === "name" && wantsExactly(filter.test)) {
    return nameClause(filter.test.value);
  }
  return textClauses(filter);
};

function textClauses(filter: Filter): readonly Clause[] {
  if (filter.kind === "annotation") return annotationClauses(filter);
  if (filter.kind !== "text" || filter.keyword !== "user" || !wantsExactly(filter.test)) return [];
  return [[userTerm(filter.test.value)]];
}

function annotationClauses({ key, test }: AnnotationTest): readonly Clause[] {
  return wantsExactly(test) ? [[annotationTerm(key, test.value)]] : [];
}

/** Whether there is one value that fits. */
function wantsExactly<T extends AnnotationTest["test"]>(test: T): test is Extract<T, { readonly value: unknown }> {
  return test.operator === "=" && !("ignoresCase" in test);
}

function nameClause(name: string | undefined): readonly Clause[] {
  return name === undefined ? [] : [[nameTerm(name)]];
}

function annotationTerm(key: string, value: AnnotationValue): string {
  return `a:${key}=${(typeof value)[0]}:${value}`;
}

function nameTerm(name: string): string {
  return `n:${name}`;
}

function userTerm(user: string): string {
  return `u:${user}`;
}

function statusTerm(status: number): string {
  return `s:${status}`;
}
