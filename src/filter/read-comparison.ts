import type { Token } from "./lexer.ts";
import { asFlag, isBareText, numberIn, syntaxError, type TokenCursor } from "./token-cursor.ts";
import type {
  AnnotationTest,
  FlagComparison,
  MetadataTest,
  NumberComparison,
  NumberOperator,
  Operator,
  Presence,
  TextComparison,
  TextOperator,
} from "./tree.ts";

/** Reads what may follow a flag; answers the value that the flag must have. */
export function readFlagComparison(tokens: TokenCursor): boolean {
  const operator = tokens.takeOperator(equality);
  if (operator === undefined) return true;
  const value = asFlag(tokens.offer({ kind: "flag" }));
  if (value === undefined) throw tokens.unexpected();
  tokens.advance();
  return operator === "=" ? value : !value;
}

/** Reads what may follow a number's keyword. */
export function readNumberComparison(tokens: TokenCursor): Presence | NumberComparison {
  const operator = tokens.takeOperator(numberOperators);
  return operator === undefined ? present : { operator, value: tokens.expectNumber() };
}

/** Reads what may follow a text's keyword. */
export function readTextComparison(tokens: TokenCursor, keyword: string): Presence | TextComparison {
  const operator = tokens.takeOperator(textOperators);
  return operator === undefined ? present : { operator, value: tokens.expectText({ kind: "text", of: keyword }) };
}

/** Reads the rest of an annotation's test: its key, unless that hangs on the keyword, and what it is compared with. */
export function readAnnotationTest(tokens: TokenCursor, keyword: Token): AnnotationTest {
  const dot = "annotation.".length;
  const key = keyword.value.length >= dot ? keyword.value.slice(dot) : readBracketedKey(tokens, "annotation key");
  if (key === "") throw syntaxError("An annotation has a key", keyword.at, ["annotation.key", "annotation[key]"]);
  return { kind: "annotation", key, test: readAnnotationComparison(tokens, `annotation.${key}`) };
}

/** Reads the rest of a test of metadata: its path, with dots or in brackets or both, and what it is compared with. */
export function readMetadataTest(tokens: TokenCursor, keyword: Token): MetadataTest {
  const dot = "metadata.".length;
  const path = keyword.value.length >= dot ? keyword.value.slice(dot).split(".") : [];
  while (path.length === 0 || tokens.isSymbol("[")) path.push(readBracketedKey(tokens, "metadata key"));
  if (path.includes("")) {
    throw syntaxError("Metadata has a namespace and a key", keyword.at, [
      "metadata.namespace.key",
      "metadata[namespace][key]",
    ]);
  }
  return { kind: "metadata", path, test: readAnnotationComparison(tokens, "metadata") };
}

/** Takes `=` or `!=`, if one of them comes. */
export function takeEquality(tokens: TokenCursor): "=" | "!=" | undefined {
  return tokens.takeOperator(equality);
}

const equality: readonly ("=" | "!=")[] = ["=", "!="];
const numberOperators: readonly NumberOperator[] = ["=", "!=", "<", "<=", ">", ">="];
const textOperators: readonly TextOperator[] = ["=", "!=", "contains", "beginswith", "endswith"];
const annotationOperators: readonly Operator[] = [...numberOperators, "contains", "beginswith", "endswith"];
const present: Presence = { operator: "present" };

function readBracketedKey(tokens: TokenCursor, kind: "annotation key" | "metadata key"): string {
  tokens.expectSymbol("[");
  const token = tokens.peek();
  const key = tokens.expect({ kind }, token.kind === "word" || token.kind === "text").value;
  tokens.expectSymbol("]");
  return key;
}

function readAnnotationComparison(tokens: TokenCursor, of: string): AnnotationTest["test"] {
  const operator = tokens.takeOperator(annotationOperators);
  switch (operator) {
    case undefined:
      return present;
    case "=":
    case "!=":
      return readAnnotationValue(tokens, operator, of);
    case "contains":
    case "beginswith":
    case "endswith":
      return { operator, value: tokens.expectText({ kind: "text", of }) };
    default:
      return { operator, value: tokens.expectNumber() };
  }
}

/** The value's type is the type that the annotation must have. */
function readAnnotationValue(
  tokens: TokenCursor,
  operator: "=" | "!=",
  of: string,
): NumberComparison | TextComparison | FlagComparison {
  const token = tokens.offer({ kind: "annotation value", of });
  if (token.kind !== "text" && token.kind !== "number" && !isBareText(token)) throw tokens.unexpected();
  tokens.advance();
  if (token.kind === "number") return { operator, value: numberIn(token) };
  return { operator, value: asFlag(token) ?? token.value };
}
