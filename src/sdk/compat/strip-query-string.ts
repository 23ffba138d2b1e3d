/** A path without the query, which may have secrets in it. */
export function stripQueryStringFromPath(path: string): string {
  return path ? path.split("?", 1)[0]! : "";
}
