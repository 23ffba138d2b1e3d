import { FilterSyntaxError } from "../errors.ts";
import type { EntitySelector } from "../graph/choose-cells.ts";
import type { Expectation } from "./expectation.ts";
import { findKeyword, type Keyword, keywordsIn, type Scope, similarKeywords } from "./keywords.ts";
import type { Token } from "./lexer.ts";
import {
  readAnnotationTest,
  readFlagComparison,
  readMetadataTest,
  readNumberComparison,
  readTextComparison,
  takeEquality,
} from "./read-comparison.ts";
import { readEnds, readNode, readOptionalName, readOptionalNode } from "./read-node.ts";
import { readRootCausePatterns } from "./root-cause-json.ts";
import { isBareText, quoted, syntaxError, TokenCursor } from "./token-cursor.ts";
import type { AnnotationTest, EdgeTest, Filter, ServiceTest } from "./tree.ts";

export interface FilterOptions {
  /** Filter expressions by group name, and by ARN where ARNs do not hold `group/<name>/<id>`. */
  readonly groups?: ReadonlyMap<string, string>;
  /** On: keywords that only fluoroscope knows (`any.http.url` and the like) are refused, as AWS refuses them. */
  readonly strict?: boolean;
  /** On: texts are compared without regard to the case of their letters. Names of nodes are not compared, but named. */
  readonly ignoreCase?: boolean;
  /** Off: `!=` holds only where there is a value. Default: on, it is the exact negation of `=`. */
  readonly missingDiffers?: boolean;
  /** On: AND and OR are read in the order in which they stand. Default: AND binds tighter. */
  readonly leftToRight?: boolean;
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

/** Whose figures are asked for, and in which traces; left out: those of all that enters, in all traces. */
export interface Selection {
  readonly selector?: EntitySelector;
  readonly filter?: Filter;
}

/**
 * Reads a selector that may be more than X-Ray allows: any filter expression. The figures are those of the first service
 * or edge among the terms that must all hold, in the traces that satisfy the whole.
 */
export function parseSelection(text: string, options: FilterOptions = {}): Selection {
  const filter = new Parser(text, outermost(options), "selection").filter();
  const [entity] = termsOf(filter).filter((term) => term.kind === "service" || term.kind === "edge");
  const isAlone = entity === filter && entity.where.kind === "everything";
  return { ...(entity && { selector: selectorOf(entity) }), ...(!isAlone && { filter }) };
}

/** What could stand at the end of this beginning of an expression; nothing when the beginning itself is wrong. */
export function expectationsAfter(beginning: string, options: FilterOptions = {}): readonly Expectation[] {
  if (beginning.length > maxLength) return [];
  const parser = new Parser(beginning, outermost(options));
  try {
    parser.filter();
  } catch (error) {
    if (!(error instanceof FilterSyntaxError)) throw error;
  }
  return parser.tokens.expectedAtEnd();
}

const maxLength = 10_000;
const maxDepth = 200;
/** Groups that use groups grow without bound otherwise. */
const maxTerms = 10_000;
const everything: Filter = { kind: "everything" };

/** What an expression has in common with the groups that are inlined into it. */
interface Surroundings {
  readonly options: FilterOptions;
  /** The groups that are being inlined. */
  readonly path: readonly string[];
  readonly depth: number;
  /** Terms that may still come. */
  readonly budget: { left: number };
}

function outermost(options: FilterOptions): Surroundings {
  return { options, path: [], depth: 0, budget: { left: maxTerms } };
}

class Parser {
  readonly tokens: TokenCursor;
  private readonly surroundings: Surroundings;
  private readonly isStrict: boolean;
  private readonly isSelection: boolean;
  private depth: number;

  /** In a selection a node alone, `id(…)`, is a term: a service. */
  constructor(text: string, surroundings: Surroundings, kind: "filter" | "selection" = "filter") {
    if (text.length > maxLength) throw syntaxError(`An expression has at most ${maxLength} characters`, maxLength);
    this.tokens = new TokenCursor(text);
    this.surroundings = surroundings;
    this.isStrict = surroundings.options.strict ?? false;
    this.isSelection = kind === "selection";
    this.depth = surroundings.depth;
  }

  filter(): Filter {
    const token = this.tokens.offer({ kind: "term", scope: "trace" });
    const filter = token.kind === "end" ? everything : this.or("trace");
    this.tokens.expectEnd();
    return filter;
  }

  selector(): EntitySelector {
    const { tokens } = this;
    const { kind, value, at } = tokens.peek();
    const word = kind === "word" ? value.toLowerCase() : "";
    if (word !== "service" && word !== "edge" && word !== "id") {
      const known = ["service(…)", "id(…)", "edge(…, …)"];
      throw syntaxError("A selector names a service or an edge and nothing else", at, known);
    }
    if (word !== "id") tokens.advance();
    const selector: EntitySelector =
      word === "edge"
        ? { kind: "edge", ...readEnds(tokens) }
        : { kind: "service", node: word === "id" ? readNode(tokens) : readOptionalNode(tokens) };
    tokens.expectEnd();
    return selector;
  }

  private or(scope: Scope): Filter {
    if (this.surroundings.options.leftToRight) return this.inOrder(scope);
    const terms = [this.and(scope)];
    while (this.tokens.takeConnective("OR")) terms.push(this.and(scope));
    return terms.length === 1 ? terms[0]! : { kind: "or", terms };
  }

  /** Two terms side by side mean AND. */
  private and(scope: Scope): Filter {
    const terms = [this.unary(scope)];
    while (this.tokens.takeConnective("AND") || this.tokens.beginsTerm()) terms.push(this.unary(scope));
    return terms.length === 1 ? terms[0]! : { kind: "and", terms };
  }

  private inOrder(scope: Scope): Filter {
    let terms = [this.unary(scope)];
    let kind: "and" | "or" = "and";
    for (;;) {
      const isAnd = this.tokens.takeConnective("AND") || this.tokens.beginsTerm();
      if (!isAnd && !this.tokens.takeConnective("OR")) return terms.length === 1 ? terms[0]! : { kind, terms };
      const next = isAnd ? "and" : "or";
      if (terms.length > 1 && next !== kind) terms = [{ kind, terms }];
      kind = next;
      terms.push(this.unary(scope));
    }
  }

  private unary(scope: Scope): Filter {
    const { tokens } = this;
    tokens.offer({ kind: "term", scope });
    if (tokens.takeSymbol("!") || tokens.takeConnective("NOT")) {
      return this.nested(() => ({ kind: "not", term: this.unary(scope) }));
    }
    if (!tokens.takeSymbol("(")) return this.term(scope);
    const inner = this.nested(() => this.or(scope));
    tokens.expectSymbol(")");
    return inner;
  }

  private term(scope: Scope): Filter {
    const token = this.tokens.peek();
    if (!isBareText(token)) throw this.tokens.unexpected();
    if (this.isSelection && scope === "trace" && token.value.toLowerCase() === "id") {
      return { kind: "service", node: readNode(this.tokens), where: this.block("service") };
    }
    const keyword = findKeyword(token.value);
    if (keyword === undefined || (keyword.isExtension && this.isStrict)) throw this.unknownKeyword(token, scope);
    if (!keyword.scopes.includes(scope)) throw this.notValidHere(token, scope);
    this.surroundings.budget.left -= 1;
    if (this.surroundings.budget.left < 0) {
      throw syntaxError(`The expression and its groups have more than ${maxTerms} terms`, token.at);
    }
    this.tokens.advance();
    return this.afterKeyword(keyword, token);
  }

  private afterKeyword(keyword: Keyword, token: Token): Filter {
    const { tokens } = this;
    switch (keyword.kind) {
      case "flag": {
        const test: Filter = { kind: "flag", keyword: keyword.keyword };
        return readFlagComparison(tokens) ? test : { kind: "not", term: test };
      }
      case "number":
        return { kind: "number", keyword: keyword.keyword, test: this.asChosen(readNumberComparison(tokens)) };
      case "text":
        return {
          kind: "text",
          keyword: keyword.keyword,
          test: this.asChosen(readTextComparison(tokens, keyword.name)),
        };
      case "annotation": {
        const { kind, key, test } = readAnnotationTest(tokens, token);
        return { kind, key, test: this.asChosen(test) };
      }
      case "metadata": {
        const { kind, path, test } = readMetadataTest(tokens, token);
        return { kind, path, test: this.asChosen(test) };
      }
      case "subsegment":
        return { kind: "subsegment", ...readOptionalName(tokens), where: this.block("subsegment") };
      case "group":
        return this.group();
      case "service":
        return { kind: "service", node: readOptionalNode(tokens), where: this.block("service") };
      case "edge":
        return { kind: "edge", ...readEnds(tokens), where: this.block("edge") };
      case "rootCause": {
        const { family, list, opens } = keyword;
        return { kind: "rootCause", family, list, where: this.block(opens) };
      }
      case "rootCauseJson":
        return this.rootCauseJson();
    }
  }

  /** With what the options say of comparisons. */
  private asChosen<T extends AnnotationTest["test"]>(test: T): T {
    const { ignoreCase = false, missingDiffers = true } = this.surroundings.options;
    if (test.operator === "present" || (!ignoreCase && missingDiffers)) return test;
    return {
      ...test,
      ...(ignoreCase && typeof test.value === "string" && { ignoresCase: true }),
      ...(!missingDiffers && test.operator === "!=" && { needsValue: true }),
    };
  }

  private block(scope: Scope): Filter {
    const { tokens } = this;
    if (!tokens.takeSymbol("{")) return everything;
    tokens.offer({ kind: "term", scope });
    if (tokens.takeSymbol("}")) return everything;
    const where = this.nested(() => this.or(scope));
    tokens.expectSymbol("}");
    return where;
  }

  /** The group's expression takes the place of its name. */
  private group(): Filter {
    const { options, path, budget } = this.surroundings;
    const operator = takeEquality(this.tokens);
    if (operator === undefined) throw this.tokens.unexpected();
    const { at } = this.tokens.peek();
    const name = this.tokens.expectText({ kind: "group" });
    const key = options.groups?.has(name) ? name : nameInArn(name);
    const expression = options.groups?.get(key);
    if (expression === undefined) throw syntaxError(`There is no group ${quoted(name)}`, at);
    if (path.includes(key)) throw syntaxError(`The group ${quoted(name)} is made of itself`, at);
    const inside: Surroundings = { options, path: [...path, key], depth: this.depth, budget };
    let filter: Filter;
    try {
      filter = this.nested(() => new Parser(expression, inside).filter());
    } catch (error) {
      if (!(error instanceof FilterSyntaxError)) throw error;
      throw syntaxError(`The expression of the group ${quoted(name)} is wrong. ${error.message}`, at);
    }
    return operator === "=" ? filter : { kind: "not", term: filter };
  }

  private rootCauseJson(): Filter {
    const { tokens } = this;
    tokens.expect({ kind: "operator", operators: ["="] }, tokens.isSymbol("="));
    const { value, at } = tokens.expect({ kind: "json" }, tokens.peek().kind === "json");
    const patterns = readRootCausePatterns(value);
    if (typeof patterns === "string") throw syntaxError(patterns, at, ["#[…]"]);
    return { kind: "rootCauseJson", patterns };
  }

  private nested<T>(read: () => T): T {
    this.depth += 1;
    if (this.depth > maxDepth) {
      throw syntaxError(`The expression is nested deeper than ${maxDepth} levels`, this.tokens.peek().at);
    }
    const result = read();
    this.depth -= 1;
    return result;
  }

  private unknownKeyword({ value, at }: Token, scope: Scope): FilterSyntaxError {
    const similar = similarKeywords(value, keywordsIn(scope, this.isStrict));
    return syntaxError(`There is no keyword ${quoted(value)}`, at, similar.length > 0 ? similar : ["a keyword"]);
  }

  private notValidHere({ value, at }: Token, scope: Scope): FilterSyntaxError {
    const known = keywordsIn(scope, this.isStrict).map((keyword) => keyword.name);
    return syntaxError(`The keyword ${quoted(value)} is not valid here`, at, known);
  }
}

/** `arn:aws:xray:<region>:<account>:group/<name>/<id>`, or the name itself. */
function nameInArn(name: string): string {
  return /^arn:[^/]*:group\/([^/]+)\//.exec(name)?.[1] ?? name;
}

/** What must all hold. */
function termsOf(filter: Filter): readonly Filter[] {
  return filter.kind === "and" ? filter.terms.flatMap(termsOf) : [filter];
}

function selectorOf(entity: ServiceTest | EdgeTest): EntitySelector {
  return entity.kind === "service"
    ? { kind: "service", node: entity.node }
    : { kind: "edge", from: entity.from, to: entity.to };
}
