import { FilterSyntaxError } from "../../errors.ts";
import { readTokens } from "../../filter/lexer.ts";
import { parseFilter } from "../../filter/parser.ts";
import type { Filter } from "../../filter/tree.ts";

/** What is wrong with an expression, and at which character. */
export interface FilterFault {
  readonly at: number;
  readonly message: string;
}

/** Only the server knows which groups there are; any name may be one. */
class AnyGroup extends Map<string, string> {
  override has(): boolean {
    return true;
  }
  override get(): string {
    return "";
  }
}

const options = { groups: new AnyGroup() };

/** The filter that an expression stands for, groups left open. Throws what is wrong with it. */
export function readTyped(text: string): Filter {
  return parseFilter(text, options);
}

/** Reads an expression as the server would, but for the names of groups; `undefined` when it is right. */
export function checkFilter(text: string): FilterFault | undefined {
  try {
    readTyped(text);
    return undefined;
  } catch (error) {
    if (error instanceof FilterSyntaxError) return { at: error.at, message: error.message };
    throw error;
  }
}

/** A fault that more typing may mend: the expression is right up to its last word, or to its end. */
export function isUnfinished(text: string, fault: FilterFault): boolean {
  const last = readTokens(text).findLast((token) => token.kind !== "end");
  return fault.at >= text.trimEnd().length || (last !== undefined && fault.at === last.at && last.end === text.length);
}
