import { Breather } from "./breather.ts";

/** A list within an element of a list is written as one piece up to this length: a histogram has 1,000 entries at most. */
const wholeElements = 2_000;

/** A part of an answer that is JSON already, as UTF-8. */
export class JsonBytes {
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }
}

/**
 * A value as JSON, in pieces between which the loop turns: the graph of a thousand nodes with their histograms takes
 * longer to write than a burst of datagrams can wait.
 */
export async function writeJson(value: object): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let text = "";
  const breather = new Breather();
  for (const piece of pieces(value, 0)) {
    if (typeof piece === "string") {
      text += piece;
    } else {
      parts.push(Buffer.from(text), piece.bytes);
      text = "";
    }
    if (!breather.isDue()) continue;
    parts.push(Buffer.from(text));
    text = "";
    await breather.breathe();
  }
  return Buffer.concat([...parts, Buffer.from(text)]);
}

function* pieces(value: unknown, depth: number): Generator<string | JsonBytes> {
  if (value instanceof JsonBytes) {
    yield value;
  } else if (Array.isArray(value) && (depth <= 1 || value.length > wholeElements)) {
    yield "[";
    for (let index = 0; index < value.length; index += 1) {
      if (index > 0) yield ",";
      yield* pieces(value[index], depth + 1);
    }
    yield "]";
  } else if (depth <= 2 && typeof value === "object" && value !== null && !Array.isArray(value)) {
    yield "{";
    let isFirst = true;
    for (const [key, member] of Object.entries(value)) {
      if (member === undefined) continue;
      yield `${isFirst ? "" : ","}${JSON.stringify(key)}:`;
      isFirst = false;
      yield* pieces(member, depth + 1);
    }
    yield "}";
  } else {
    yield JSON.stringify(value) ?? "null";
  }
}
