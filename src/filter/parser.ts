import { FilterSyntaxError } from "../errors.ts";
import type { NodeMatch } from "../graph/node-match.ts";
import type { EntitySelector } from "../graph/time-series.ts";
import { describeExpectation, type Expectation, type IdPart } from "./expectation.ts";
import { findKeyword, type Keyword, keywordsIn, type Scope, similarKeywords } from "./keywords.ts";
import { readTokens, type Token } from "./lexer.ts";
import { readRootCausePatterns } from "./root-cause-json.ts";
import type {
  AnnotationTest,
  Filter,
  FlagComparison,
  NumberComparison,
  NumberOperator,
  Operator,
  Presence,
  TextComparison,
  TextOperator,
} from "./tree.ts";

export interface FilterOptions {
  /** Filter expressions by group name, and by ARN where ARNs do not end in `group/<name>/<id>`. */
  readonly groups?: ReadonlyMap<string, string>;
  /** Off: keywords that only fluoroscope knows (`any.http.url` and the like) are allowed. Default: on. */
  readonly strict?: boolean;
}

/**
 * Reads a filter expression; an empty one stands for every trace. Throws a `FilterSyntaxError` that says where and what
 * was expected.
 *
 * @example parseFilter('service("orders") { fault } AND responsetime > 2')
 */
export function parseFilter(text: string, options: FilterOptions = {}): Filter {
  return new Parser(text, outermost(options)).filter();
}

/** Reads what a time series may be asked for: `service(…)`, `id(…)` or `edge(…, …)` and nothing else. */
export function parseSelector(text: string): EntitySelector {
  return new Parser(text, outermost({})).selector();
}

/** What could stand at the end of this beginning of an expression; nothing when the beginning itself is wrong. */
export function expectationsAfter(beginning: string, options: FilterOptions = {}): readonly Expectation[] {
  const parser = new Parser(beginning, outermost(options));
  try {
    parser.filter();
  } catch (error) {
    if (!(error instanceof FilterSyntaxError)) throw error;
  }
  return parser.expectedAtEnd();
}

const maxLength = 10_000;
const maxDepth = 200;
/** Groups that use groups grow without bound otherwise. */
const maxTerms = 10_000;

const numberOperators: readonly NumberOperator[] = ["=", "!=", "<", "<=", ">", ">="];
const textOperators: readonly TextOperator[] = ["=", "!=", "contains", "beginswith", "endswith"];
const flagOperators: readonly ("=" | "!=")[] = ["=", "!="];
const annotationOperators: readonly Operator[] = [...numberOperators, "contains", "beginswith", "endswith"];
const present: Presence = { operator: "present" };
const everything: Filter = { kind: "everything" };

interface Surroundings {
  readonly options: FilterOptions;
  /** The groups that are being inlined. */
  readonly path: readonly string[];
  readonly depth: number;
  /** Terms that may still come, shared by an expression and its groups. */
  readonly budget: { left: number };
}

function outermost(options: FilterOptions): Surroundings {
  return { options, path: [], depth: 0, budget: { left: maxTerms } };
}

class Parser {
  private readonly surroundings: Surroundings;
  private readonly tokens: readonly Token[];
  private next = 0;
  private depth: number;
  /** What the token at `next` was looked at for, so far. */
  private expected: Expectation[] = [];

  constructor(text: string, surroundings: Surroundings) {
    if (text.length > maxLength) {
      throw new FilterSyntaxError(`A filter expression has at most ${maxLength} characters.`, maxLength);
    }
    this.surroundings = surroundings;
    this.depth = surroundings.depth;
    this.tokens = readTokens(text);
  }

  filter(): Filter {
    const filter = this.peek().kind === "end" ? this.emptyFilter() : this.or("trace");
    this.expect({ kind: "end" }, this.peek().kind === "end");
    return filter;
  }

  selector(): EntitySelector {
    const token = this.peek();
    const word = token.kind === "word" ? token.value.toLowerCase() : "";
    if (word !== "service" && word !== "edge" && word !== "id") {
      throw this.error(`A selector is service(…), id(…) or edge(…, …)`, token.at, [
        "service(…)",
        "id(…)",
        "edge(…, …)",
      ]);
    }
    const selector = this.selectorOf(word);
    this.expect({ kind: "end" }, this.peek().kind === "end");
    return selector;
  }

  expectedAtEnd(): readonly Expectation[] {
    return this.peek().kind === "end" ? this.expected : [];
  }

  private emptyFilter(): Filter {
    this.offer({ kind: "term", scope: "trace" });
    return everything;
  }

  private selectorOf(word: "service" | "edge" | "id"): EntitySelector {
    if (word === "id") return { kind: "service", node: this.node() };
    this.advance();
    return word === "edge" ? { kind: "edge", ...this.ends() } : { kind: "service", node: this.optionalNode() };
  }

  private or(scope: Scope): Filter {
    const terms = [this.and(scope)];
    while (this.takeWord("OR")) terms.push(this.and(scope));
    return terms.length === 1 ? terms[0]! : { kind: "or", terms };
  }

  /** Two terms side by side mean AND. */
  private and(scope: Scope): Filter {
    const terms = [this.unary(scope)];
    while (this.takeWord("AND") || this.beginsTerm()) terms.push(this.unary(scope));
    return terms.length === 1 ? terms[0]! : { kind: "and", terms };
  }

  private unary(scope: Scope): Filter {
    this.offer({ kind: "term", scope });
    if (this.takeSymbol("!") || this.takeWord("NOT")) {
      return this.nested(() => ({ kind: "not", term: this.unary(scope) }));
    }
    if (!this.takeSymbol("(")) return this.term(scope);
    const inner = this.nested(() => this.or(scope));
    this.closing(")");
    return inner;
  }

  private term(scope: Scope): Filter {
    const token = this.peek();
    if (token.kind !== "word" || isConnective(token.value)) throw this.unexpected();
    const keyword = findKeyword(token.value);
    if (keyword === undefined || (keyword.isExtension && this.isStrict)) throw this.unknownKeyword(token, scope);
    if (!keyword.scopes.includes(scope)) throw this.notValidHere(token, scope);
    this.spend(1, token.at);
    this.advance();
    return this.afterKeyword(keyword, token, scope);
  }

  private afterKeyword(keyword: Keyword, token: Token, scope: Scope): Filter {
    switch (keyword.kind) {
      case "flag":
        return this.flagTest({ kind: "flag", keyword: keyword.keyword });
      case "number":
        return { kind: "number", keyword: keyword.keyword, test: this.numberComparison() ?? present };
      case "text":
        return { kind: "text", keyword: keyword.keyword, test: this.textComparison(keyword.name) ?? present };
      case "annotation":
        return this.annotation(token);
      case "group":
        return this.group();
      case "service":
        return { kind: "service", node: this.optionalNode(), where: this.block("service") };
      case "edge":
        return { kind: "edge", ...this.ends(), where: this.block("edge") };
      case "rootCause": {
        const { family, list, opens } = keyword;
        return { kind: "rootCause", family, list, where: this.block(opens) };
      }
      case "rootCauseJson":
        return this.rootCauseJson();
      default:
        return unreachable(keyword, scope);
    }
  }

  private flagTest(test: Filter): Filter {
    const operator = this.takeOperator(flagOperators);
    if (operator === undefined) return test;
    return (operator === "=") === this.flagValue() ? test : { kind: "not", term: test };
  }

  private flagValue(): boolean {
    const value = asFlag(this.offer({ kind: "flag" }));
    if (value === undefined) throw this.unexpected();
    this.advance();
    return value;
  }

  private numberComparison(): NumberComparison | undefined {
    const operator = this.takeOperator(numberOperators);
    if (operator === undefined) return undefined;
    return { operator, value: Number(this.expect({ kind: "number" }, this.peek().kind === "number").value) };
  }

  private textComparison(keyword: string): TextComparison | undefined {
    const operator = this.takeOperator(textOperators);
    return operator === undefined ? undefined : { operator, value: this.text({ kind: "text", of: keyword }) };
  }

  private text(expectation: Expectation): string {
    const token = this.peek();
    return this.expect(expectation, token.kind === "text" || (isBareText(token) && asFlag(token) === undefined)).value;
  }

  private annotation(token: Token): Filter {
    const dot = "annotation.".length;
    const key = token.value.length >= dot ? token.value.slice(dot) : this.bracketedKey();
    if (key === "") throw this.error("An annotation has a key", token.at, ["annotation.key", "annotation[key]"]);
    return { kind: "annotation", key, test: this.annotationTest(key) };
  }

  private bracketedKey(): string {
    this.expect({ kind: "symbol", text: "[" }, this.isSymbol("["));
    const { kind } = this.peek();
    const key = this.expect({ kind: "annotation key" }, kind === "word" || kind === "text" || kind === "number").value;
    this.closing("]");
    return key;
  }

  private annotationTest(key: string): AnnotationTest["test"] {
    const operator = this.takeOperator(annotationOperators);
    if (operator === undefined) return present;
    if (operator === "contains" || operator === "beginswith" || operator === "endswith") {
      return { operator, value: this.text({ kind: "text", of: `annotation.${key}` }) };
    }
    if (operator === "=" || operator === "!=") return this.annotationValue(operator, key);
    return { operator, value: Number(this.expect({ kind: "number" }, this.peek().kind === "number").value) };
  }

  private annotationValue(operator: "=" | "!=", key: string): NumberComparison | TextComparison | FlagComparison {
    const token = this.offer({ kind: "annotation value", key });
    if (token.kind !== "text" && token.kind !== "number" && !isBareText(token)) throw this.unexpected();
    this.advance();
    if (token.kind === "number") return { operator, value: Number(token.value) };
    return { operator, value: asFlag(token) ?? token.value };
  }

  /** The group's expression takes the place of its name. */
  private group(): Filter {
    const operator = this.takeOperator(flagOperators);
    if (operator === undefined) throw this.unexpected();
    const token = this.peek();
    const name = this.expect({ kind: "group" }, token.kind === "text" || isBareText(token)).value;
    const { options, path, budget } = this.surroundings;
    const key = options.groups?.has(name) ? name : nameInArn(name);
    const expression = options.groups?.get(key);
    if (expression === undefined) throw this.error(`There is no group ${quoted(name)}`, token.at);
    if (path.includes(key)) throw this.error(`The group ${quoted(name)} is made of itself`, token.at);
    let filter: Filter;
    try {
      const inside = { options, path: [...path, key], depth: this.depth + 1, budget };
      filter = new Parser(expression, inside).filter();
    } catch (error) {
      if (!(error instanceof FilterSyntaxError)) throw error;
      throw this.error(`The expression of the group ${quoted(name)} is wrong. ${error.message}`, token.at);
    }
    return operator === "=" ? filter : { kind: "not", term: filter };
  }

  private rootCauseJson(): Filter {
    this.expect({ kind: "operator", operators: ["="] }, this.isSymbol("="));
    const token = this.expect({ kind: "json" }, this.peek().kind === "json");
    const patterns = readRootCausePatterns(token.value);
    if (typeof patterns === "string") throw this.error(patterns, token.at, ["#[…]"]);
    return { kind: "rootCauseJson", patterns };
  }

  private block(scope: Scope): Filter {
    if (!this.takeSymbol("{")) return everything;
    this.offer({ kind: "term", scope });
    if (this.takeSymbol("}")) return everything;
    const where = this.nested(() => this.or(scope));
    this.closing("}");
    return where;
  }

  private ends(): { from: NodeMatch; to: NodeMatch } {
    this.expect({ kind: "symbol", text: "(" }, this.isSymbol("("));
    const from = this.node();
    this.expect({ kind: "symbol", text: "," }, this.isSymbol(","));
    const to = this.node();
    this.closing(")");
    return { from, to };
  }

  private optionalNode(): NodeMatch {
    this.expect({ kind: "symbol", text: "(" }, this.isSymbol("("));
    this.offer({ kind: "node" });
    if (this.takeSymbol(")")) return {};
    const node = this.node();
    this.closing(")");
    return node;
  }

  private node(): NodeMatch {
    const token = this.offer({ kind: "node" });
    if (token.kind === "text") {
      this.advance();
      return { name: token.value };
    }
    if (token.kind !== "word" || token.value.toLowerCase() !== "id") throw this.unexpected();
    this.advance();
    return this.idParts();
  }

  private idParts(): NodeMatch {
    this.expect({ kind: "symbol", text: "(" }, this.isSymbol("("));
    const node: { name?: string; type?: string; accountId?: string } = {};
    const parts: IdPart[] = ["name", "type", "account.id"];
    this.offer({ kind: "id part", parts });
    if (this.takeSymbol(")")) return node;
    do {
      const token = this.offer({ kind: "id part", parts: [...parts] });
      const part = token.value.toLowerCase() as IdPart;
      if (token.kind !== "word" || !parts.includes(part)) throw this.unexpected();
      this.advance();
      this.expect({ kind: "symbol", text: ":" }, this.isSymbol(":"));
      node[part === "account.id" ? "accountId" : part] = this.expect(
        { kind: "id value", part },
        this.peek().kind === "text",
      ).value;
      parts.splice(parts.indexOf(part), 1);
    } while (this.takeSymbol(","));
    this.closing(")");
    return node;
  }

  private nested<T>(read: () => T): T {
    this.depth += 1;
    if (this.depth > maxDepth)
      throw this.error(`The expression is nested deeper than ${maxDepth} levels`, this.peek().at);
    const result = read();
    this.depth -= 1;
    return result;
  }

  private spend(terms: number, at: number): void {
    this.surroundings.budget.left -= terms;
    if (this.surroundings.budget.left < 0) {
      throw this.error(`The expression and its groups have more than ${maxTerms} terms`, at);
    }
  }

  private get isStrict(): boolean {
    return this.surroundings.options.strict ?? true;
  }

  private peek(): Token {
    return this.tokens[this.next]!;
  }

  private advance(): void {
    this.next += 1;
    this.expected = [];
  }

  /** Notes what could stand here, and answers what does. */
  private offer(expectation: Expectation): Token {
    this.expected.push(expectation);
    return this.peek();
  }

  /** Takes the token if it is what must come. */
  private expect(expectation: Expectation, isThere: boolean): Token {
    const token = this.offer(expectation);
    if (!isThere) throw this.unexpected();
    if (token.kind !== "end") this.advance();
    return token;
  }

  private closing(text: ")" | "}" | "]"): void {
    this.expect({ kind: "symbol", text }, this.isSymbol(text));
  }

  private isSymbol(text: string): boolean {
    const token = this.peek();
    return token.kind === "symbol" && token.value === text;
  }

  private takeSymbol(text: "!" | "(" | ")" | "{" | "}" | ","): boolean {
    // "!" and "(" belong to "a keyword".
    if (text !== "!" && text !== "(") this.offer({ kind: "symbol", text });
    if (!this.isSymbol(text)) return false;
    this.advance();
    return true;
  }

  private takeWord(text: "AND" | "OR" | "NOT"): boolean {
    const token = text === "NOT" ? this.peek() : this.offer({ kind: "connective", text });
    if (token.kind !== "word" || token.value.toUpperCase() !== text) return false;
    this.advance();
    return true;
  }

  private takeOperator<T extends Operator>(operators: readonly T[]): T | undefined {
    const token = this.offer({ kind: "operator", operators });
    if (token.kind !== "word" && token.kind !== "symbol") return undefined;
    const written = token.value.toLowerCase();
    const operator = operators.find((each) => each === written);
    if (operator !== undefined) this.advance();
    return operator;
  }

  private beginsTerm(): boolean {
    const token = this.peek();
    if (token.kind === "word") return !isConnective(token.value) || token.value.toUpperCase() === "NOT";
    return this.isSymbol("!") || this.isSymbol("(");
  }

  private unexpected(): FilterSyntaxError {
    const token = this.peek();
    const expected = [...new Set(this.expected.flatMap(describeExpectation))];
    if (token.kind === "unclosed text") return this.error("The text that begins here is never closed", token.at, ['"']);
    if (token.kind === "unclosed json") return this.error("The list that begins here is never closed", token.at, ["]"]);
    const found = token.kind === "end" ? "The expression ends too soon" : `Unexpected ${shown(token)}`;
    return this.error(found, token.at, expected);
  }

  private unknownKeyword(token: Token, scope: Scope): FilterSyntaxError {
    const similar = similarKeywords(token.value, keywordsIn(scope, this.isStrict));
    return this.error(
      `There is no keyword ${quoted(token.value)}`,
      token.at,
      similar.length > 0 ? similar : ["a keyword"],
    );
  }

  private notValidHere(token: Token, scope: Scope): FilterSyntaxError {
    const known = keywordsIn(scope, this.isStrict).map((keyword) => keyword.name);
    return this.error(`The keyword ${quoted(token.value)} is not valid here`, token.at, known);
  }

  /** What is wrong, where, and what was expected: the three parts of the message. */
  private error(what: string, at: number, expected: readonly string[] = []): FilterSyntaxError {
    const rest = expected.length === 0 ? "" : ` Expected ${listed(expected)}.`;
    return new FilterSyntaxError(`${what} (at character ${at + 1}).${rest}`, at, expected);
  }
}

function isConnective(word: string): boolean {
  const upper = word.toUpperCase();
  return upper === "AND" || upper === "OR" || upper === "NOT";
}

/** A word where a text belongs: `type = remote`. */
function isBareText(token: Token): boolean {
  return token.kind === "word" && !isConnective(token.value);
}

function asFlag(token: Token): boolean | undefined {
  if (token.kind !== "word") return undefined;
  const word = token.value.toLowerCase();
  return word === "true" ? true : word === "false" ? false : undefined;
}

/** `arn:aws:xray:<region>:<account>:group/<name>/<id>`, or the name itself. */
function nameInArn(name: string): string {
  return /^arn:[^/]*:group\/([^/]+)\//.exec(name)?.[1] ?? name;
}

function shown(token: Token): string {
  return token.kind === "text" ? quoted(token.value) : quoted(token.value.slice(0, 40));
}

function quoted(text: string): string {
  return text.includes('"') ? `'${text}'` : `"${text}"`;
}

function listed(words: readonly string[]): string {
  return words.length === 1 ? words[0]! : `${words.slice(0, -1).join(", ")} or ${words.at(-1)!}`;
}

function unreachable(_: never, scope: Scope): never {
  throw new Error(`A keyword of an unknown kind stands in the scope ${scope}.`);
}
