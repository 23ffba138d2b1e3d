/** The known word that takes the fewest changes to reach from a misspelled one, if they are few. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const ranked = known
    .map((each) => ({ each, changes: distance(word, each) }))
    .toSorted((a, b) => a.changes - b.changes);
  const [best] = ranked;
  return best && best.changes <= Math.max(2, Math.floor(word.length / 3)) ? best.each : undefined;
}

/** Levenshtein's: letters to insert, remove or replace. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length]!;
}
