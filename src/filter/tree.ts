import type { NodeMatch } from "../graph/node-match.ts";

/**
 * A filter expression that has been read: plain data, so that it may cross to a worker thread. Groups are inlined.
 * Which keywords may stand where is the parser's business; a tree is taken to be right.
 */
export type Filter =
  | { readonly kind: "everything" }
  | { readonly kind: "and" | "or"; readonly terms: readonly Filter[] }
  | { readonly kind: "not"; readonly term: Filter }
  | FlagTest
  | NumberTest
  | TextTest
  | AnnotationTest
  | MetadataTest
  | SubsegmentTest
  | ServiceTest
  | EdgeTest
  | RootCauseTest
  | RootCauseJsonTest;

/** `fault`, and `fault = true`; the other forms are its negation. */
interface FlagTest {
  readonly kind: "flag";
  readonly keyword: FlagKeyword;
}

interface NumberTest {
  readonly kind: "number";
  readonly keyword: NumberKeyword;
  readonly test: Presence | NumberComparison;
}

interface TextTest {
  readonly kind: "text";
  readonly keyword: TextKeyword;
  readonly test: Presence | TextComparison;
}

/** Annotation keys keep their case. Alone, a boolean counts by its value and anything else by its presence. */
export interface AnnotationTest {
  readonly kind: "annotation";
  readonly key: string;
  readonly test: Presence | NumberComparison | TextComparison | FlagComparison;
}

/**
 * Read from the documents, since digests hold no metadata. The path leads from the namespace to the value; members whose
 * names have dots in them are found by several of its parts together. Alone it counts as an annotation does.
 */
export interface MetadataTest {
  readonly kind: "metadata";
  readonly path: readonly string[];
  readonly test: AnnotationTest["test"];
}

/** Some subsegment of that name (or of any), at any depth, for which `where` holds. Read from the documents. */
export interface SubsegmentTest {
  readonly kind: "subsegment";
  readonly name?: string;
  readonly where: Filter;
}

/** Some segment of a fitting node for which `where` holds. */
export interface ServiceTest {
  readonly kind: "service";
  readonly node: NodeMatch;
  readonly where: Filter;
}

/** Some call between fitting nodes for which `where` holds, as the caller recorded it. */
export interface EdgeTest {
  readonly kind: "edge";
  readonly from: NodeMatch;
  readonly to: NodeMatch;
  readonly where: Filter;
}

/** Some element of the list within one root cause for which `where` holds. */
export interface RootCauseTest {
  readonly kind: "rootCause";
  readonly family: RootCauseFamily;
  readonly list: RootCauseList;
  readonly where: Filter;
}

/** For every pattern some root cause of any family that agrees with it. */
interface RootCauseJsonTest {
  readonly kind: "rootCauseJson";
  readonly patterns: readonly RootCausePattern[];
}

export interface Presence {
  readonly operator: "present";
}

/** What reads an expression may choose, and so what is said in each comparison of it. */
interface Comparison {
  /** `!=` holds only where there is a value; else it is the exact negation of `=`. */
  readonly needsValue?: true;
}

export interface NumberComparison extends Comparison {
  readonly operator: NumberOperator;
  readonly value: number;
}

export interface TextComparison extends Comparison {
  readonly operator: TextOperator;
  readonly value: string;
  readonly ignoresCase?: true;
}

export interface FlagComparison extends Comparison {
  readonly operator: "=" | "!=";
  readonly value: boolean;
}

export type NumberOperator = "=" | "!=" | "<" | "<=" | ">" | ">=";
export type TextOperator = "=" | "!=" | "contains" | "beginswith" | "endswith";
export type Operator = NumberOperator | TextOperator;
export type RootCauseFamily = "fault" | "error" | "responsetime";
export type RootCauseList = "service" | "entity" | "exception";

export type FlagKeyword =
  | "ok"
  | "error"
  | "fault"
  | "throttle"
  | "partial"
  | "inferred"
  | "root"
  | "first"
  | "last"
  | "remote";

export type NumberKeyword = "index" | "coverage" | "responsetime" | "duration" | "http.status" | "any.http.status";

export type TextKeyword =
  | "http.url"
  | "http.method"
  | "http.useragent"
  | "http.clientip"
  | "any.http.url"
  | "any.http.method"
  | "any.http.useragent"
  | "any.http.clientip"
  | "user"
  | "availabilityzone"
  | "instance.id"
  | "resource.arn"
  | "name"
  | "type"
  | "message"
  | "namespace"
  | "sql.query";

/** Members left out fit anything; lists agree when they have the same length and agree element by element. */
export interface RootCausePattern {
  readonly clientImpacting?: boolean;
  readonly services?: readonly ServicePattern[];
}

export interface ServicePattern extends NodeMatch {
  readonly names?: readonly string[];
  readonly inferred?: boolean;
  readonly entityPath?: readonly EntityPattern[];
}

export interface EntityPattern {
  readonly name?: string;
  readonly remote?: boolean;
  readonly coverage?: number;
  readonly exceptions?: readonly ExceptionPattern[];
}

export interface ExceptionPattern {
  readonly name?: string;
  readonly message?: string;
}
