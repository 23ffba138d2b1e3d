/** The JSON value of a text, or why there is none. Python's bare `NaN` and `Infinity` are read as null. */
export function readJson(text: string): { readonly value: unknown } | { readonly reason: string } {
  const first = parse(text);
  if ("value" in first) return first;
  const mended = mend(text);
  return mended === text ? first : parse(mended);
}

function parse(text: string): { readonly value: unknown } | { readonly reason: string } {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    return { reason: error instanceof Error ? error.message : String(error) };
  }
}

/** A string need not be closed: where it is not, each quote in it would be looked at as the beginning of another one. */
const stringsAndNonNumbers = /"(?:[^"\\]|\\.)*"?|-?\bInfinity\b|\bNaN\b|^\uFEFF/gs;

/** Only tried when JSON.parse has failed. Strings are matched too, so that what stands inside them is stepped over. */
function mend(text: string): string {
  return text.replace(stringsAndNonNumbers, (match) => {
    if (match.charCodeAt(0) === 0x22) return match;
    return match === "\uFEFF" ? "" : "null";
  });
}
