import { AwsError } from "./aws-errors.ts";
import { Breather } from "./breather.ts";

/** Above this a body is read in slices, so that receiving segments is not held up meanwhile. */
const wholeBytes = 256 * 1024;

/** A request's body as JSON, whatever its content type says. Nothing at all counts as `{}`. */
export async function readBody(bytes: Buffer): Promise<unknown> {
  try {
    if (bytes.length > wholeBytes) return await readInSlices(bytes);
    const text = bytes.toString();
    return text.trim() === "" ? {} : JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AwsError(400, "SerializationException", `The request body is not JSON: ${reason}`);
  }
}

/**
 * An object, member by member, and its lists element by element: a big body is a long list of documents, each of them
 * small, so the loop can turn between them.
 */
async function readInSlices(bytes: Buffer): Promise<unknown> {
  const members = new Map<string, unknown>();
  const breather = new Breather();
  let at = expect(bytes, skipSpace(bytes, 0), "{");
  while (bytes[at] !== code("}")) {
    if (members.size > 0) at = skipSpace(bytes, expect(bytes, at, ","));
    const keyEnd = valueEnd(bytes, at);
    const key = String(parse(bytes, at, keyEnd));
    at = skipSpace(bytes, expect(bytes, skipSpace(bytes, keyEnd), ":"));
    if (bytes[at] !== code("[")) {
      const end = valueEnd(bytes, at);
      members.set(key, parse(bytes, at, end));
      at = skipSpace(bytes, end);
      continue;
    }
    const elements: unknown[] = [];
    members.set(key, elements);
    at = skipSpace(bytes, at + 1);
    while (bytes[at] !== code("]")) {
      if (elements.length > 0) at = skipSpace(bytes, expect(bytes, at, ","));
      const end = valueEnd(bytes, at);
      elements.push(parse(bytes, at, end));
      at = skipSpace(bytes, end);
      if (breather.isDue()) await breather.breathe();
    }
    at = skipSpace(bytes, at + 1);
  }
  if (skipSpace(bytes, at + 1) < bytes.length) throw unexpected(bytes, skipSpace(bytes, at + 1));
  return Object.fromEntries(members);
}

/** Where the value that starts here ends; whether it is a value, `JSON.parse` then decides. */
function valueEnd(bytes: Buffer, from: number): number {
  let depth = 0;
  for (let at = from; at < bytes.length; at += 1) {
    switch (bytes[at]) {
      case 0x22: // "
        at = stringEnd(bytes, at);
        break;
      case 0x5b: // [
      case 0x7b: // {
        depth += 1;
        break;
      case 0x5d: // ]
      case 0x7d: // }
        if (depth === 0) return at;
        depth -= 1;
        break;
      case 0x2c: // ,
      case 0x3a: // :
        if (depth === 0) return at;
    }
  }
  return bytes.length;
}

/** Where the closing quote of the string that opens here stands. */
function stringEnd(bytes: Buffer, from: number): number {
  let at = from + 1;
  while (at < bytes.length && bytes[at] !== 0x22) at += bytes[at] === 0x5c ? 2 : 1;
  return at;
}

function skipSpace(bytes: Buffer, from: number): number {
  let at = from;
  while (bytes[at] === 0x20 || bytes[at] === 0x0a || bytes[at] === 0x0d || bytes[at] === 0x09) at += 1;
  return at;
}

function expect(bytes: Buffer, at: number, character: string): number {
  if (bytes[at] !== code(character)) throw unexpected(bytes, at);
  return at + 1;
}

function unexpected(bytes: Buffer, at: number): SyntaxError {
  const what = at < bytes.length ? `Unexpected ${JSON.stringify(String.fromCharCode(bytes[at]!))}` : "Unexpected end";
  return new SyntaxError(`${what} at byte ${at}`);
}

function parse(bytes: Buffer, from: number, to: number): unknown {
  return JSON.parse(bytes.toString("utf8", from, to));
}

function code(character: string): number {
  return character.charCodeAt(0);
}
