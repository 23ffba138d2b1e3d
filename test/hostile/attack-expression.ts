import { createContext, Script } from "node:vm";
import fc from "fast-check";
import { chance } from "../fixtures/chance.ts";

/** What is linear takes milliseconds for as much; what is quadratic takes a minute and more. */
export const attackLength = 200_000;
const patienceMs = 4_000;
const attacksEach = 8;
const seed = 7;

const context = createContext({ expression: / /, text: "" });
const script = new Script("expression.lastIndex = 0; text.replace(expression, '')");

/**
 * The text that an expression takes too long for; `undefined` when none was found. Texts are made as attackers make them:
 * something that matches, a part of it repeated very often, and an end that spoils the match.
 */
export function slowText(expression: RegExp, length: number = attackLength): string | undefined {
  for (const { prefix, pump, suffix } of attacksOn(expression)) {
    const times = Math.ceil(length / pump.length);
    context.expression = expression;
    context.text = prefix + pump.repeat(times) + suffix;
    try {
      script.runInContext(context, { timeout: patienceMs });
    } catch (error) {
      // An error of the other context: it is no instance of this one's Error.
      if ((error as { code?: string }).code !== "ERR_SCRIPT_EXECUTION_TIMEOUT") throw error;
      return `${JSON.stringify(prefix)} + ${JSON.stringify(pump)} × ${times} + ${JSON.stringify(suffix)}`;
    }
  }
  return undefined;
}

interface Attack {
  readonly prefix: string;
  readonly pump: string;
  readonly suffix: string;
}

const ends = ["\n!", "\u0000", "", " \n\u0000"];

function attacksOn(expression: RegExp): Attack[] {
  const pick = chance(seed);
  const texts = textsLike(expression);
  const parts = texts.map((text): Attack => {
    const start = pick(text.length);
    const end = start + 1 + pick(Math.min(24, text.length - start));
    return { prefix: text.slice(0, start), pump: text.slice(start, end), suffix: ends[pick(ends.length)]! };
  });
  // Runs of one sign or word, alone and behind a match: most expressions that are slow are slow with these.
  const pumps = [...signsIn(expression), ...wordsIn(expression)];
  const runs = ["", texts.at(-1)!].flatMap((prefix) => pumps.map((pump): Attack => ({ prefix, pump, suffix: "\n!" })));
  return [...parts, ...runs];
}

/** Texts that match, where the generator knows all of the expression. */
function textsLike(expression: RegExp): readonly string[] {
  const plain = `a0 ${expression.source}`;
  if (hasOddClass(expression)) return [plain];
  try {
    const texts = fc.sample(fc.stringMatching(expression), { numRuns: attacksEach, seed });
    return [plain, ...texts.filter((text) => text !== "")];
  } catch {
    // Looking behind, or an assertion within, say: then the expression's own signs have to do.
    return [plain];
  }
}

const printable = String.fromCharCode(...Array.from({ length: 95 }, (_, at) => 32 + at));

/** Whether a class leaves out all that can be printed: the generator would look for a sign of it for ever. */
function hasOddClass({ source, flags }: RegExp): boolean {
  const classes = source.match(/\[\^(?:\\.|[^\]\\])*\]/g) ?? [];
  return classes.some((each) => !new RegExp(each, flags.replace(/[gy]/g, "")).test(printable));
}

function signsIn({ source }: RegExp): readonly string[] {
  const written = source.replace(/\\[a-zA-Z](?:\{[^{}]*\})?/g, "").match(/[^\w\\^$*+?.{}|]/g) ?? [];
  const classes = [/\\s|\\t| /, /\\d|[0-9]/, /\\w|[a-z]|\.|\[\^/].flatMap((kind, at) =>
    kind.test(source) ? [" 0a"[at]!] : [],
  );
  return [...new Set([...written, ...classes, '\\"'])].slice(0, 8);
}

/** What stands in an expression as it is looked for. */
function wordsIn({ source }: RegExp): readonly string[] {
  return (
    source
      .replace(/\\[a-zA-Z]/g, "^")
      .match(/[\w \-'"]{2,}/g)
      ?.slice(0, 3) ?? []
  );
}
