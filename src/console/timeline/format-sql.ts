/** Words that begin a clause, longest first. */
const clauses =
  /\b(LEFT OUTER JOIN|RIGHT OUTER JOIN|FULL OUTER JOIN|INNER JOIN|CROSS JOIN|LEFT JOIN|RIGHT JOIN|FULL JOIN|JOIN|FROM|WHERE|GROUP BY|ORDER BY|HAVING|LIMIT|OFFSET|UNION ALL|UNION|VALUES|SET|RETURNING|ON CONFLICT|FOR UPDATE)\b/gi;
/** Nobody reads a statement that is longer, and laying it out must not hold up the page whatever it is. */
const longestText = 10_000;
const conditions = /\b(AND|OR|ON)\b/gi;

/**
 * A statement with a line for each clause. Texts in quotes and statements that have lines of their own stay as they are:
 * somebody has laid them out.
 */
export function formatSql(statement: string): string {
  const text = statement.trim();
  if (text.includes("\n") || text.length < 40 || text.length > longestText) return text;
  // Every second part is in quotes.
  return text
    .split(/('(?:[^']|'')*'|"[^"]*"|`[^`]*`)/)
    .map((part, at) =>
      at % 2 === 1
        ? part
        : part
            .replace(/\s+/g, " ")
            .replace(clauses, "\n$1")
            .replace(conditions, (word, _, offset: number, whole: string) =>
              isBetween(whole.slice(0, offset)) ? word : `\n  ${word}`,
            ),
    )
    .join("")
    .replace(/ +\n/g, "\n")
    .trim();
}

/** The AND of a BETWEEN begins no condition. */
function isBetween(before: string): boolean {
  return /\bBETWEEN\s+\S+\s*$/i.test(before);
}
