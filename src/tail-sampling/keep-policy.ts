import { FilterSyntaxError, FluoroscopeError } from "../errors.ts";
import { type FilterOptions, parseFilter } from "../filter/parser.ts";
import type { Filter } from "../filter/tree.ts";

/** Traces that match are kept, all or a share of them. */
interface KeepRule {
  /** As it was written. */
  readonly text: string;
  readonly filter: Filter;
  /** Above 0 up to 1; 0 drops them all. */
  readonly share: number;
}

/** What is kept: the first rule that matches decides, and of traces that none matches a share. Plain data. */
export interface KeepPolicy {
  readonly rules: readonly KeepRule[];
  readonly restShare: number;
}

/**
 * Reads rules as they stand in the settings: a filter expression, or a share and one, as `20% service("search")`. Throws
 * `FLUORO_BAD_CONFIG`, with the place, where one cannot be read.
 */
export function readKeepPolicy(
  { rules, restShare }: { readonly rules: readonly string[]; readonly restShare: number },
  options: FilterOptions = {},
): KeepPolicy {
  return { rules: rules.map((text) => readRule(text.trim(), options)), restShare };
}

function readRule(text: string, options: FilterOptions): KeepRule {
  const [, percent, expression = ""] = /^(?:(\d+(?:\.\d+)?)\s*%\s+)?(.*)$/s.exec(text) ?? [];
  const share = percent === undefined ? 1 : Number(percent) / 100;
  if (share > 1) throw badRule(text, "more than 100% of what matches cannot be kept");
  try {
    return { text, filter: parseFilter(expression, options), share };
  } catch (error) {
    if (!(error instanceof FilterSyntaxError)) throw error;
    throw badRule(text, `${error.message} (at ${text.length - expression.length + error.at})`);
  }
}

const badRule = (text: string, what: string): FluoroscopeError =>
  new FluoroscopeError(
    "FLUORO_BAD_CONFIG",
    `The rule --keep ${JSON.stringify(text)} cannot be read: ${what}. ` +
      "Write a filter expression, or a share and one, as 'fault' or '20% service(\"search\")'.",
  );
