/** A piece of a filter expression. `value` is what it means: a text without quotes, a number as digits. */
export interface Token {
  readonly kind: "word" | "text" | "number" | "symbol" | "json" | "unclosed text" | "unclosed json" | "unknown" | "end";
  readonly value: string;
  readonly at: number;
  readonly end: number;
}

/** Cuts an expression into its tokens, the last of which is the end. What is no token is `unclosed` or `unknown`. */
export function readTokens(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  for (;;) {
    while (at < text.length && isSpace(text.charCodeAt(at))) at += 1;
    const token = isInBracket(tokens) && isWordPart(text.charCodeAt(at)) ? readWord(text, at) : readToken(text, at);
    tokens.push(token);
    if (token.kind === "end") return tokens;
    at = token.end;
  }
}

/** Letters (of any script), digits, `_`, `.` and `-`: what words are made of behind their first letter. */
export function isWordPart(code: number): boolean {
  return isLetter(code) || isDigit(code) || code === 0x5f || code === 0x2e || code === 0x2d;
}

/** A key in brackets is a word whatever it begins with: `annotation[2nd]`. */
function isInBracket(tokens: readonly Token[]): boolean {
  const last = tokens.at(-1);
  return last?.kind === "symbol" && last.value === "[";
}

function readToken(text: string, at: number): Token {
  if (at >= text.length) return { kind: "end", value: "", at, end: at };
  const code = text.charCodeAt(at);
  if (isLetter(code)) return readWord(text, at);
  if (code === quote) return readText(text, at);
  if (isDigit(code) || (code === 0x2d && isDigit(text.charCodeAt(at + 1)))) return readNumber(text, at);
  if (code === 0x23) return readJson(text, at);
  const two = text.slice(at, at + 2);
  if (two === "!=" || two === "<=" || two === ">=") return { kind: "symbol", value: two, at, end: at + 2 };
  const kind = symbols.includes(text[at]!) ? "symbol" : "unknown";
  // A character outside of the basic plane is shown whole.
  const value = kind === "symbol" ? text[at]! : String.fromCodePoint(text.codePointAt(at)!);
  return { kind, value, at, end: at + value.length };
}

function readWord(text: string, at: number): Token {
  let end = at + 1;
  while (end < text.length && isWordPart(text.charCodeAt(end))) end += 1;
  return { kind: "word", value: text.slice(at, end), at, end };
}

/** A backslash stands for itself unless a quote or another backslash follows. */
function readText(text: string, at: number): Token {
  let value = "";
  let from = at + 1;
  for (let next = from; next < text.length; next += 1) {
    const code = text.charCodeAt(next);
    if (code === quote) return { kind: "text", value: value + text.slice(from, next), at, end: next + 1 };
    if (code !== backslash) continue;
    const escaped = text.charCodeAt(next + 1);
    if (escaped !== quote && escaped !== backslash) continue;
    value += text.slice(from, next);
    from = next + 1;
    next += 1;
  }
  return { kind: "unclosed text", value: value + text.slice(from), at, end: text.length };
}

function readNumber(text: string, at: number): Token {
  numberPattern.lastIndex = at;
  const value = numberPattern.exec(text)![0];
  return { kind: "number", value, at, end: at + value.length };
}

/** `#[…]` up to the bracket that closes it. What stands in it is checked where its meaning is known. */
function readJson(text: string, at: number): Token {
  let depth = 0;
  let isQuoted = false;
  for (let next = at + 1; next < text.length; next += 1) {
    const code = text.charCodeAt(next);
    if (isQuoted) {
      if (code === backslash) next += 1;
      else if (code === quote) isQuoted = false;
    } else if (code === quote) isQuoted = true;
    else if (code === 0x5b || code === 0x7b) depth += 1;
    else if (code === 0x5d || code === 0x7d) depth -= 1;
    if (depth === 0 && !isQuoted && !isSpace(code)) {
      return { kind: "json", value: text.slice(at + 1, next + 1), at, end: next + 1 };
    }
  }
  return { kind: "unclosed json", value: text.slice(at + 1), at, end: text.length };
}

const quote = 0x22;
const backslash = 0x5c;
const symbols = "(){}[],:=<>!";
const numberPattern = /-?\d+(\.\d+)?([eE][+-]?\d+)?/y;

function isSpace(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d) || code === 0xa0;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

/** Of any script; quotation marks from word processors are none, so that they are not taken for a part of a word. */
function isLetter(code: number): boolean {
  if (code > 0x7f) return /\p{L}/u.test(String.fromCharCode(code));
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a);
}
