import type { FlagKeyword, NumberKeyword, RootCauseFamily, RootCauseList, TextKeyword } from "./tree.ts";

/** Where a keyword stands: outside of all blocks, or in the block of a service, an edge, a root cause or a subsegment. */
export type Scope =
  | "trace"
  | "service"
  | "edge"
  | "cause service"
  | "cause entity"
  | "timed entity"
  | "cause exception"
  | "subsegment";

/** What a keyword is, and so what may follow it. */
export type Keyword = { readonly name: string; readonly scopes: readonly Scope[]; readonly isExtension?: boolean } & (
  | { readonly kind: "flag"; readonly keyword: FlagKeyword }
  | { readonly kind: "number"; readonly keyword: NumberKeyword }
  | { readonly kind: "text"; readonly keyword: TextKeyword }
  | { readonly kind: "annotation" | "metadata" | "group" | "service" | "edge" | "subsegment" | "rootCauseJson" }
  | {
      readonly kind: "rootCause";
      readonly family: RootCauseFamily;
      readonly list: RootCauseList;
      readonly opens: Scope;
    }
);

const entities: readonly Scope[] = ["cause entity", "timed entity"];
const causes: readonly Scope[] = ["cause service", ...entities, "cause exception"];
const calls: readonly Scope[] = ["trace", "service", "edge"];
const timed: readonly Scope[] = [...calls, "subsegment"];
const segments: readonly Scope[] = ["trace", "service"];

/** Every keyword there is. In expressions their letters' case makes no difference. */
const keywords: readonly Keyword[] = [
  flag("ok", timed),
  flag("error", timed),
  flag("fault", timed),
  flag("throttle", timed),
  flag("partial", timed),
  flag("inferred", [...calls, "cause service"]),
  flag("root", calls),
  flag("first", causes),
  flag("last", causes),
  flag("remote", entities),
  number("index", causes),
  number("coverage", ["timed entity"]),
  number("responsetime", timed),
  number("duration", timed),
  number("http.status", timed),
  // Written so by third parties.
  { kind: "number", name: "http.statuscode", keyword: "http.status", scopes: timed },
  text("http.url", timed),
  text("http.method", timed),
  text("http.useragent", timed),
  text("http.clientip", timed),
  text("user", segments),
  text("availabilityzone", segments),
  text("instance.id", segments),
  text("resource.arn", segments),
  text("name", ["service", "edge", ...causes, "subsegment"]),
  text("type", ["service", "edge", "cause service"]),
  text("message", ["cause exception"]),
  { kind: "annotation", name: "annotation", scopes: [...segments, "subsegment"] },
  { kind: "group", name: "group.name", scopes: ["trace"] },
  { kind: "group", name: "group.arn", scopes: ["trace"] },
  { kind: "service", name: "service", scopes: ["trace"] },
  { kind: "edge", name: "edge", scopes: ["trace"] },
  rootCause("fault", "service", "cause service"),
  rootCause("fault", "entity", "cause entity"),
  rootCause("fault", "exception", "cause exception"),
  rootCause("error", "service", "cause service"),
  rootCause("error", "entity", "cause entity"),
  rootCause("error", "exception", "cause exception"),
  rootCause("responsetime", "service", "cause service"),
  rootCause("responsetime", "entity", "timed entity"),
  { kind: "rootCauseJson", name: "rootcause.json", scopes: ["trace"] },
  { ...number("any.http.status", ["trace"]), isExtension: true },
  { ...text("any.http.url", ["trace"]), isExtension: true },
  { ...text("any.http.method", ["trace"]), isExtension: true },
  { ...text("any.http.useragent", ["trace"]), isExtension: true },
  { ...text("any.http.clientip", ["trace"]), isExtension: true },
  { kind: "metadata", name: "metadata", scopes: [...segments, "subsegment"], isExtension: true },
  { kind: "subsegment", name: "subsegment", scopes: segments, isExtension: true },
  { ...text("namespace", ["subsegment"]), isExtension: true },
  { ...text("sql.query", ["subsegment"]), isExtension: true },
];

const byName: ReadonlyMap<string, Keyword> = new Map(keywords.map((keyword) => [keyword.name, keyword]));

/** The keyword of that name; `annotation.key` is found as `annotation`, and `metadata.namespace.key` as `metadata`. */
export function findKeyword(word: string): Keyword | undefined {
  const name = word.toLowerCase();
  return (
    byName.get(name) ??
    (/^(annotation|metadata)\./.test(name) ? byName.get(name.slice(0, name.indexOf("."))) : undefined)
  );
}

/** The keywords that may stand in a scope. */
export function keywordsIn(scope: Scope, isStrict: boolean): Keyword[] {
  return keywords.filter((keyword) => keyword.scopes.includes(scope) && !(isStrict && keyword.isExtension));
}

/** Those that a slip of the finger may have meant: one or two letters off, or the word's last part. */
export function similarKeywords(word: string, candidates: readonly Keyword[]): string[] {
  const name = word.toLowerCase();
  const allowed = name.length > 4 ? 2 : 1;
  return candidates
    .map((candidate) => candidate.name)
    .filter((candidate) => candidate.endsWith(`.${name}`) || distance(name, candidate) <= allowed);
}

/** Letters to insert, leave out or change to make one word of the other. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const above = row;
    row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = above[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(change, above[j]! + 1, row[j - 1]! + 1));
    }
  }
  return row[b.length]!;
}

function flag(keyword: FlagKeyword, scopes: readonly Scope[]): Keyword {
  return { kind: "flag", name: keyword, keyword, scopes };
}

function number(keyword: NumberKeyword, scopes: readonly Scope[]): Keyword {
  return { kind: "number", name: keyword, keyword, scopes };
}

function text(keyword: TextKeyword, scopes: readonly Scope[]): Keyword {
  return { kind: "text", name: keyword, keyword, scopes };
}

function rootCause(family: RootCauseFamily, list: RootCauseList, opens: Scope): Keyword {
  return { kind: "rootCause", name: `rootcause.${family}.${list}`, family, list, opens, scopes: ["trace"] };
}
