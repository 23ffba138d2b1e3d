import { FilterSyntaxError } from "../errors.ts";
import { describeExpectation, type Expectation } from "./expectation.ts";
import { readTokens, type Token } from "./lexer.ts";
import type { Operator } from "./tree.ts";

/**
 * The place in an expression up to which it has been read. It remembers for what the next token was looked at, and so
 * what could stand there: the list in errors, and the proposals of completion, are what the parser really tried.
 */
export class TokenCursor {
  private readonly tokens: readonly Token[];
  private next = 0;
  private expected: Expectation[] = [];

  constructor(text: string) {
    this.tokens = readTokens(text);
  }

  peek(): Token {
    return this.tokens[this.next]!;
  }

  advance(): void {
    this.next += 1;
    this.expected = [];
  }

  /** Notes what could stand here, and answers what does. */
  offer(expectation: Expectation): Token {
    this.expected.push(expectation);
    return this.peek();
  }

  /** Takes the token if it is what must come. */
  expect(expectation: Expectation, isThere: boolean): Token {
    const token = this.offer(expectation);
    if (!isThere) throw this.unexpected();
    if (token.kind !== "end") this.advance();
    return token;
  }

  expectSymbol(text: "(" | ")" | "}" | "[" | "]" | "," | ":"): void {
    this.expect({ kind: "symbol", text }, this.isSymbol(text));
  }

  expectNumber(): number {
    return numberIn(this.expect({ kind: "number" }, this.peek().kind === "number"));
  }

  /** In quotes, or a single word: `type = remote`. */
  expectText(expectation: Expectation): string {
    const token = this.peek();
    const isBareWord = isBareText(token) && asFlag(token) === undefined;
    return this.expect(expectation, token.kind === "text" || isBareWord).value;
  }

  expectEnd(): void {
    this.expect({ kind: "end" }, this.peek().kind === "end");
  }

  isSymbol(text: string): boolean {
    const token = this.peek();
    return token.kind === "symbol" && token.value === text;
  }

  takeSymbol(text: "!" | "(" | ")" | "{" | "}" | ","): boolean {
    // The first two begin a term, which is told as one.
    if (text !== "!" && text !== "(") this.offer({ kind: "symbol", text });
    if (!this.isSymbol(text)) return false;
    this.advance();
    return true;
  }

  takeConnective(text: "AND" | "OR" | "NOT"): boolean {
    const token = text === "NOT" ? this.peek() : this.offer({ kind: "connective", text });
    if (token.kind !== "word" || token.value.toUpperCase() !== text) return false;
    this.advance();
    return true;
  }

  takeOperator<T extends Operator>(operators: readonly T[]): T | undefined {
    const token = this.offer({ kind: "operator", operators });
    if (token.kind !== "word" && token.kind !== "symbol") return undefined;
    const written = token.value.toLowerCase();
    const operator = operators.find((each) => each === written);
    if (operator !== undefined) this.advance();
    return operator;
  }

  /** Whether what comes next can only be another term. */
  beginsTerm(): boolean {
    const token = this.peek();
    if (token.kind === "word") return !isConnective(token.value) || token.value.toUpperCase() === "NOT";
    return this.isSymbol("!") || this.isSymbol("(");
  }

  /** What could come next where everything has been read; nothing where reading stopped before. */
  expectedAtEnd(): readonly Expectation[] {
    return this.peek().kind === "end" ? this.expected : [];
  }

  unexpected(): FilterSyntaxError {
    const { kind, value, at } = this.peek();
    if (kind === "unclosed text") return syntaxError("The text that begins here is never closed", at, ['"']);
    if (kind === "unclosed json") return syntaxError("The list that begins here is never closed", at, ["]"]);
    const found = kind === "end" ? "The expression ends too soon" : `Unexpected ${quoted(value.slice(0, 40))}`;
    return syntaxError(found, at, [...new Set(this.expected.flatMap(describeExpectation))]);
  }
}

/** An error in three parts: what is wrong, where, and what was expected. */
export function syntaxError(what: string, at: number, expected: readonly string[] = []): FilterSyntaxError {
  const rest = expected.length === 0 ? "" : ` Expected ${listed(expected)}.`;
  return new FilterSyntaxError(`${what} (at character ${at + 1}).${rest}`, at, expected);
}

/** The number of a token; one that is endless could not be written again. */
export function numberIn({ value, at }: Token): number {
  const number = Number(value);
  if (Number.isFinite(number)) return number;
  throw syntaxError("This number is larger than any that can be compared", at, ["a number"]);
}

/** In the quotes that it does not hold itself. */
export function quoted(text: string): string {
  return text.includes('"') ? `'${text}'` : `"${text}"`;
}

/** `true` and `false`, in any case. */
export function asFlag(token: Token): boolean | undefined {
  if (token.kind !== "word") return undefined;
  const word = token.value.toLowerCase();
  return word === "true" ? true : word === "false" ? false : undefined;
}

/** A word that is no connective: it may stand for a keyword, or for a text without quotes. */
export function isBareText(token: Token): boolean {
  return token.kind === "word" && !isConnective(token.value);
}

function isConnective(word: string): boolean {
  const upper = word.toUpperCase();
  return upper === "AND" || upper === "OR" || upper === "NOT";
}

function listed(words: readonly string[]): string {
  return words.length === 1 ? words[0]! : `${words.slice(0, -1).join(", ")} or ${words.at(-1)!}`;
}
