import type { TraceDigest } from "../trace/digest.ts";
import {
  annotationKind,
  commonness,
  highestClass,
  longestRange,
  nodeTerms,
  statusClassOf,
  type TermKind,
  term,
  timeRangeOf,
} from "./term-names.ts";
import { isOk, responseSeconds, seconds } from "./trace-readers.ts";
import type {
  AnnotationTest,
  EdgeTest,
  Filter,
  NumberComparison,
  Presence,
  RootCauseTest,
  ServiceTest,
} from "./tree.ts";

/** Takes what a term is made of, see `term`. One may come more than once. */
export type TakeTerm = (kind: TermKind, value: string, key?: string) => void;

/**
 * What a store can look a trace up by: its nodes, users and annotations, the request, status and response time of its entry,
 * and the flags by which whole traces are sorted. `requiredTerms` is the other side of it.
 */
export function forEachTerm(digest: TraceDigest, take: TakeTerm): void {
  const { nodes, segments } = digest;
  let account: string | undefined;
  for (const { name, type, accountId } of nodes) {
    take("name", name);
    if (type !== undefined) take("type", type);
    // Nearly always one for all of them.
    if (accountId !== undefined && accountId !== account) take("account", accountId);
    account = accountId;
  }
  for (const segment of segments) {
    const { user, resourceArns, annotations, node } = segment;
    if (user !== undefined) {
      take("user", user);
      take("hasUser", "");
    }
    if (resourceArns !== undefined) for (const arn of resourceArns) take("arn", arn);
    for (const [key, value] of annotations) {
      take("key", key);
      take(annotationKind(value), String(value), key);
    }
    if (segment.throttle) take("throttle", "");
    if (segment.fault) takeBoth("faultAt", nodes[node]!.name, take);
    if (segment.error) takeBoth("errorAt", nodes[node]!.name, take);
  }
  if (digest.isPartial) take("partial", "");
  if (digest.faultCauses.length > 0) take("faultCause", "");
  if (digest.errorCauses.length > 0) take("errorCause", "");
  take("duration", String(timeRangeOf(seconds(digest.startSeconds, digest.endSeconds))));
  takeEntry(digest, take);
}

/** The same as texts. */
export function digestTerms(digest: TraceDigest): Set<string> {
  const terms = new Set<string>();
  forEachTerm(digest, (kind, value, key) => terms.add(term(kind, value, key)));
  return terms;
}

/** Where it went wrong, and that it went wrong anywhere. */
function takeBoth(kind: TermKind, name: string, take: TakeTerm): void {
  take(kind, name);
  take(kind, "");
}

function takeEntry({ entry: index, segments }: TraceDigest, take: TakeTerm): void {
  const entry = index === undefined ? undefined : segments[index];
  if (entry === undefined) return;
  const { http } = entry;
  if (http?.status !== undefined) {
    take("status", String(http.status));
    take("class", String(statusClassOf(http.status)));
  }
  if (http?.method !== undefined) take("method", http.method);
  if (http?.url !== undefined) take("url", http.url);
  if (http?.clientIp !== undefined) take("client", http.clientIp);
  const responsetime = responseSeconds(entry);
  if (responsetime !== undefined) take("responsetime", String(timeRangeOf(responsetime)));
  if (entry.fault) take("fault", "");
  if (entry.error) take("error", "");
  if (isOk(entry)) take("ok", "");
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
  const best = alternatives.map((clauses) => clauses.toSorted((a, b) => commonest(a) - commonest(b))[0]);
  if (best.some((clause) => clause === undefined)) return [];
  return [[...new Set(best.flatMap((clause) => clause!))]];
}

function commonest(clause: Clause): number {
  return Math.max(...clause.map(commonness));
}

const traceScope: TermsOfTest = (filter) => {
  switch (filter.kind) {
    case "flag":
      switch (filter.keyword) {
        case "ok":
        case "error":
        case "fault":
        case "throttle":
        case "partial":
          return [[term(filter.keyword)]];
        default:
          return [];
      }
    case "number":
      return numberClauses(filter.keyword, filter.test);
    case "service":
      return serviceClauses(filter);
    case "edge":
      return edgeClauses(filter);
    case "rootCause":
      return causeClauses(filter);
    case "text":
      return requestClauses(filter) ?? segmentClauses(filter);
    default:
      return segmentClauses(filter);
  }
};

function numberClauses(keyword: string, test: Presence | NumberComparison): readonly Clause[] {
  if (test.operator === "present" || test.operator === "!=") return [];
  switch (keyword) {
    case "http.status":
      if (test.operator === "=") return [[term("status", String(test.value))]];
      return rangeClauses("class", rangesFrom(test, statusClassOf(test.value), highestClass), highestClass);
    case "duration":
    case "responsetime":
      return rangeClauses(keyword, rangesFrom(test, timeRangeOf(test.value), longestRange), longestRange);
    default:
      return [];
  }
}

/** What any range fits says nothing worth looking up. */
function rangeClauses(
  kind: "class" | "duration" | "responsetime",
  ranges: readonly number[],
  last: number,
): readonly Clause[] {
  return ranges.length > last ? [] : [ranges.map((range) => term(kind, String(range)))];
}

/** The ranges in which a value may lie that compares with one of that range. They are in the order of their values. */
function rangesFrom({ operator }: NumberComparison, range: number, last: number): number[] {
  const first = operator === "<" || operator === "<=" ? 0 : range;
  const end = operator === ">" || operator === ">=" ? last : range;
  return Array.from({ length: end - first + 1 }, (_, index) => first + index);
}

/** Of the entry's request; `undefined` for what is no keyword of one. */
function requestClauses(filter: Filter & { readonly kind: "text" }): readonly Clause[] | undefined {
  const kind = requestKinds.get(filter.keyword);
  if (kind === undefined) return undefined;
  return wantsExactly(filter.test) ? [[term(kind, filter.test.value)]] : [];
}

const requestKinds: ReadonlyMap<string, "method" | "url" | "client"> = new Map([
  ["http.method", "method"],
  ["http.url", "url"],
  ["http.clientip", "client"],
]);

function serviceClauses({ node, where }: ServiceTest): readonly Clause[] {
  return [
    ...nodeTerms(node).map((each) => [each]),
    ...clausesOf(where, (filter) => {
      if (filter.kind !== "flag") return nodeClauses(filter) ?? segmentClauses(filter);
      switch (filter.keyword) {
        case "fault":
        case "error":
          return [[term(`${filter.keyword}At`, node.name)]];
        case "partial":
        case "throttle":
          return [[term(filter.keyword)]];
        default:
          return [];
      }
    }),
  ];
}

/** In an edge's block flags, status and times are those of a call, which is not among the terms. */
function edgeClauses({ from, to, where }: EdgeTest): readonly Clause[] {
  const ends = [...nodeTerms(from), ...nodeTerms(to)].map((each) => [each]);
  return [...ends, ...clausesOf(where, (filter) => nodeClauses(filter) ?? [])];
}

function causeClauses({ family, list, where }: RootCauseTest): readonly Clause[] {
  const blocks = list === "service" ? clausesOf(where, (filter) => nodeClauses(filter) ?? []) : [];
  return family === "responsetime" ? blocks : [[term(`${family}Cause`)], ...blocks];
}

/** `name` and `type` in the block of what has a node. */
function nodeClauses(filter: Filter): readonly Clause[] | undefined {
  if (filter.kind !== "text" || (filter.keyword !== "name" && filter.keyword !== "type")) return undefined;
  if (!wantsExactly(filter.test)) return [];
  return nodeTerms({ [filter.keyword]: filter.test.value }).map((each) => [each]);
}

/** What means the same of a segment and of all of them. */
function segmentClauses(filter: Filter): readonly Clause[] {
  if (filter.kind === "annotation") return annotationClauses(filter);
  if (filter.kind !== "text") return [];
  const kind = segmentKinds.get(filter.keyword);
  if (kind !== undefined && wantsExactly(filter.test)) return [[term(kind, filter.test.value)]];
  return filter.keyword === "user" && wantsValue(filter.test) ? [[term("hasUser")]] : [];
}

const segmentKinds: ReadonlyMap<string, "user" | "arn"> = new Map([
  ["user", "user"],
  ["resource.arn", "arn"],
]);

function annotationClauses({ key, test }: AnnotationTest): readonly Clause[] {
  if (wantsExactly(test)) return [[term(annotationKind(test.value), String(test.value), key)]];
  return wantsValue(test) ? [[term("key", key)]] : [];
}

/** Whether there is one value that fits. */
function wantsExactly<T extends AnnotationTest["test"]>(test: T): test is Extract<T, { readonly value: unknown }> {
  return test.operator === "=" && !("ignoresCase" in test);
}

/** Whether it cannot hold without a value. */
function wantsValue(test: AnnotationTest["test"]): boolean {
  return test.operator !== "!=" || test.needsValue === true;
}
