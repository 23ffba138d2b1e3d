/**
 * Puts what is bound to `{name:Type}` into the statement, as ClickHouse's HTTP interface does with `param_name`. chDB could
 * bind by itself, but then runs one such statement at a time for the whole process.
 */
export function bindParameters(statement: string, parameters: URLSearchParams): string {
  return statement.replace(/\{\s*(\w+)\s*:\s*([^}]+?)\s*\}/g, (whole, name: string, type: string) => {
    const value = parameters.get(`param_${name}`);
    if (value === null) return whole;
    if (type === "Identifier") return `\`${value.replaceAll("`", "\\`")}\``;
    return `CAST(${quoted(type.startsWith("String") ? unescaped(value) : value)}, ${quoted(type)})`;
  });
}

const quoted = (text: string): string => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;

/** Texts come escaped as in tab-separated values. */
function unescaped(text: string): string {
  const controls: Record<string, string> = { t: "\t", n: "\n", r: "\r", b: "\b", f: "\f", 0: "\0" };
  return text.replace(/\\(.)/gs, (_, escaped: string) => controls[escaped] ?? escaped);
}
