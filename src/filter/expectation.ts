import type { Scope } from "./keywords.ts";
import type { Operator } from "./tree.ts";

/** What could stand at a place of an expression: told in errors, and offered as completion. */
export type Expectation =
  | { readonly kind: "term"; readonly scope: Scope }
  | { readonly kind: "symbol" | "connective"; readonly text: string }
  | { readonly kind: "operator"; readonly operators: readonly Operator[] }
  | {
      readonly kind:
        | ("number" | "flag" | "node" | "group" | "json" | "end")
        | ("annotation key" | "metadata key" | "subsegment name");
    }
  | { readonly kind: "text" | "annotation value"; readonly of: string }
  | { readonly kind: "id part"; readonly parts: readonly IdPart[] }
  | { readonly kind: "id value"; readonly part: IdPart };

/** The parts of `id(…)`. */
export type IdPart = "name" | "type" | "account.id";

/** The operators as they are written. */
export const operatorTexts: Readonly<Record<Operator, string>> = {
  "=": "=",
  "!=": "!=",
  "<": "<",
  "<=": "<=",
  ">": ">",
  ">=": ">=",
  contains: "CONTAINS",
  beginswith: "BEGINSWITH",
  endswith: "ENDSWITH",
};

/** The expectation in words, as they stand in a list of what was expected. */
export function describeExpectation(expectation: Expectation): string[] {
  switch (expectation.kind) {
    case "term":
      return ["a keyword"];
    case "symbol":
      return [`"${expectation.text}"`];
    case "connective":
      return [expectation.text];
    case "operator":
      return expectation.operators.map((operator) => operatorTexts[operator]);
    case "number":
      return ["a number"];
    case "flag":
      return ["true", "false"];
    case "node":
      return ["a service name in quotes", "id(…)"];
    case "annotation key":
      return ["an annotation key"];
    case "metadata key":
      return ["a namespace or key of metadata"];
    case "subsegment name":
      return ["a subsegment's name in quotes"];
    case "group":
      return ["a group in quotes"];
    case "json":
      return ["#[…]"];
    case "end":
      return ["the end of the expression"];
    case "text":
    case "id value":
      return ["a text in quotes"];
    case "annotation value":
      return ["a text in quotes", "a number", "true", "false"];
    case "id part":
      return expectation.parts.map((part) => `${part}:`);
  }
}
