import { setImmediate as nextTurn } from "node:timers/promises";

const sliceMs = 8;
/** A list within an element of a list is written as one piece up to this length: a histogram has 1,000 entries at most. */
const wholeElements = 2_000;

/** A part of an answer that is JSON text already. */
export class JsonText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/**
 * A value as JSON text, in pieces between which the loop turns: the graph of a thousand nodes with their histograms, or a
 * trace of a hundred thousand segments, takes longer to write than a burst of datagrams can wait.
 */
export async function writeJson(value: object): Promise<string> {
  let text = "";
  let breathe = performance.now() + sliceMs;
  for (const piece of pieces(value, 0)) {
    text += piece;
    if (performance.now() < breathe) continue;
    await nextTurn();
    breathe = performance.now() + sliceMs;
  }
  return text;
}

function* pieces(value: unknown, depth: number): Generator<string> {
  if (value instanceof JsonText) {
    yield value.text;
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
