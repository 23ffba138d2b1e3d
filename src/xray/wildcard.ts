const star = 0x2a;
const questionMark = 0x3f;

/**
 * True if the whole text fits the pattern: `*` is any run of characters, `?` exactly one, everything else itself in
 * either case. Takes at most pattern times text steps, whatever the pattern.
 */
export function matchesWildcard(pattern: string, text: string): boolean {
  let p = 0;
  let t = 0;
  // Where to go on when what follows the last star does not fit: one character further into the text.
  let afterStar = -1;
  let resume = 0;
  while (t < text.length) {
    const wanted = pattern.codePointAt(p);
    const found = text.codePointAt(t)!;
    if (wanted === star) {
      p += 1;
      afterStar = p;
      resume = t;
    } else if (wanted !== undefined && (wanted === questionMark || isSame(wanted, found))) {
      p += width(wanted);
      t += width(found);
    } else if (afterStar >= 0) {
      resume += width(text.codePointAt(resume)!);
      p = afterStar;
      t = resume;
    } else {
      return false;
    }
  }
  while (pattern.codePointAt(p) === star) p += 1;
  return p === pattern.length;
}

function isSame(a: number, b: number): boolean {
  if (a === b) return true;
  if (a < 128 && b < 128) return lowerAscii(a) === lowerAscii(b);
  return String.fromCodePoint(a).toLowerCase() === String.fromCodePoint(b).toLowerCase();
}

function lowerAscii(code: number): number {
  return code >= 65 && code <= 90 ? code + 32 : code;
}

function width(codePoint: number): number {
  return codePoint > 0xffff ? 2 : 1;
}
