import type { AnnotationValue } from "../trace/segment.ts";
import type { NodeId } from "../trace/trace.ts";
import { type Expectation, operatorTexts } from "./expectation.ts";
import { formatAnnotationKey, quoteText } from "./format.ts";
import { type Keyword, keywordsIn, type Scope } from "./keywords.ts";
import { isWordPart, readTokens } from "./lexer.ts";
import { expectationsAfter } from "./parser.ts";

/** What is known of the stored traces, to complete names and values with. */
export interface CompletionData {
  readonly nodes?: readonly NodeId[];
  readonly annotations?: ReadonlyMap<string, readonly AnnotationValue[]>;
  /** Values of other keywords, such as `user` and `http.method`. */
  readonly values?: ReadonlyMap<string, readonly string[]>;
  readonly groups?: readonly string[];
  /** Names of subsegments. */
  readonly subsegments?: readonly string[];
  readonly strict?: boolean;
}

/** A proposal: `text` takes the place of what stands from `from` to `to`. */
export interface Completion {
  readonly kind: "keyword" | "operator" | "node" | "annotation" | "value" | "symbol";
  /** What a list shows. */
  readonly label: string;
  readonly text: string;
  readonly from: number;
  readonly to: number;
  /** The type of a node, and the like. */
  readonly detail?: string;
}

/** What may stand at the cursor and begins with (or, for names and values, contains) what stands there already. */
export function complete(text: string, cursor: number, data: CompletionData = {}): Completion[] {
  const place = placeOf(text, cursor);
  const options = { groups: new Map(data.groups?.map((group) => [group, ""])), ...strictness(data) };
  const expectations = expectationsAfter(text.slice(0, place.from), options);
  const proposals = expectations.flatMap((expectation) => propose(expectation, data));
  const typed = place.typed.toLowerCase();
  const fitting = proposals.filter((proposal) => {
    if (place.isText !== proposal.text.startsWith('"') && place.isText) return false;
    const label = proposal.label.toLowerCase();
    return proposal.kind === "node" || proposal.kind === "value" ? label.includes(typed) : label.startsWith(typed);
  });
  // What begins with the typed letters comes before what only contains them; otherwise the order of the lists stays.
  const begins = (proposal: Proposal): number => Number(!proposal.label.toLowerCase().startsWith(typed));
  return withoutRepeats(fitting)
    .sort((a, b) => begins(a) - begins(b))
    .map((proposal) => ({ ...proposal, from: place.from, to: place.to }));
}

type Proposal = Omit<Completion, "from" | "to">;

interface Place {
  readonly from: number;
  readonly to: number;
  readonly typed: string;
  /** Within quotes. */
  readonly isText: boolean;
}

/** The word or the quoted text that the cursor stands in or behind. */
function placeOf(text: string, cursor: number): Place {
  const open = readTokens(text.slice(0, cursor)).find((token) => token.kind === "unclosed text");
  if (open !== undefined) {
    const whole = readTokens(text.slice(open.at))[0]!;
    const to = whole.kind === "text" ? open.at + whole.end : cursor;
    return { from: open.at, to, typed: open.value, isText: true };
  }
  let from = cursor;
  while (from > 0 && isWordPart(text.charCodeAt(from - 1))) from -= 1;
  let to = cursor;
  while (to < text.length && isWordPart(text.charCodeAt(to))) to += 1;
  return { from, to, typed: text.slice(from, cursor), isText: false };
}

function propose(expectation: Expectation, data: CompletionData): Proposal[] {
  switch (expectation.kind) {
    case "term":
      return proposeTerms(expectation.scope, data);
    case "connective":
      return [{ kind: "operator", label: expectation.text, text: expectation.text }];
    case "symbol":
      return [{ kind: "symbol", label: expectation.text, text: expectation.text }];
    case "operator":
      return expectation.operators.map((operator) => {
        const text = operatorTexts[operator];
        return { kind: "operator", label: text, text };
      });
    case "flag":
      return ["true", "false"].map((text) => ({ kind: "value", label: text, text }));
    case "node":
      return [...(data.nodes ?? []).map(proposeNode), { kind: "symbol", label: "id(…)", text: "id(" }];
    case "id part":
      return expectation.parts.map((part) => ({ kind: "keyword", label: `${part}:`, text: `${part}: ` }));
    case "id value":
      return proposeTexts((data.nodes ?? []).flatMap((node) => idValue(node, expectation.part) ?? []));
    case "text":
      return proposeTexts(textsOf(expectation.of, data));
    case "group":
      return proposeTexts(data.groups ?? []);
    case "annotation key":
      return [...(data.annotations?.keys() ?? [])].map((key) => {
        const text = /^[\w.-]+$/.test(key) ? key : quoteText(key);
        return { kind: "annotation", label: key, text };
      });
    case "annotation value":
      return annotationValues(expectation.of, data).map(proposeValue);
    case "subsegment name":
      return proposeTexts(data.subsegments ?? []);
    case "metadata key":
    case "number":
    case "json":
    case "end":
      return [];
  }
}

function proposeTerms(scope: Scope, data: CompletionData): Proposal[] {
  return keywordsIn(scope, data.strict ?? false).flatMap((keyword) =>
    keyword.kind === "annotation" ? proposeAnnotations(data) : [proposeKeyword(keyword)],
  );
}

function proposeKeyword({ name, kind }: Keyword): Proposal {
  if (kind === "service" || kind === "edge" || kind === "subsegment") {
    return { kind: "keyword", label: `${name}(…)`, text: `${name}(` };
  }
  if (kind === "metadata") return { kind: "keyword", label: `${name}.`, text: `${name}.` };
  return { kind: "keyword", label: name, text: name };
}

function proposeAnnotations(data: CompletionData): Proposal[] {
  const keys = [...(data.annotations?.keys() ?? [])].map((key) => {
    const text = formatAnnotationKey(key);
    return { kind: "annotation" as const, label: text, text };
  });
  return [{ kind: "keyword", label: "annotation.", text: "annotation." }, ...keys];
}

/** A name is enough where no other node has it; the type is told beside it. */
function proposeNode(node: NodeId): Proposal {
  const proposal = { kind: "node" as const, label: node.name, text: quoteText(node.name) };
  return node.type === undefined ? proposal : { ...proposal, detail: node.type };
}

function proposeTexts(texts: Iterable<string>): Proposal[] {
  return [...texts].map((value) => ({ kind: "value", label: value, text: quoteText(value) }));
}

function proposeValue(value: AnnotationValue): Proposal {
  return { kind: "value", label: String(value), text: typeof value === "string" ? quoteText(value) : String(value) };
}

function textsOf(keyword: string, data: CompletionData): string[] {
  const values = annotationValues(keyword, data);
  if (values.length > 0) return values.filter((value) => typeof value === "string");
  const known = data.values?.get(keyword) ?? [];
  if (keyword !== "name" && keyword !== "type") return [...known];
  return [...known, ...(data.nodes ?? []).flatMap((node) => node[keyword] ?? [])];
}

function annotationValues(of: string, { annotations }: CompletionData): readonly AnnotationValue[] {
  return (of.startsWith("annotation.") && annotations?.get(of.slice("annotation.".length))) || [];
}

function idValue(node: NodeId, part: "name" | "type" | "account.id"): string | undefined {
  return part === "account.id" ? node.accountId : node[part];
}

function withoutRepeats(proposals: readonly Proposal[]): Proposal[] {
  const seen = new Set<string>();
  return proposals.filter((proposal) => {
    const key = `${proposal.kind} ${proposal.text} ${proposal.detail ?? ""}`;
    return !seen.has(key) && seen.add(key);
  });
}

function strictness({ strict }: CompletionData): { strict?: boolean } {
  return strict === undefined ? {} : { strict };
}
