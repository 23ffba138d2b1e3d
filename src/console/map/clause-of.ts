import { quoteText } from "../../filter/format.ts";
import { type Selected, selectorOf } from "./selection.ts";

/** The traces that touch a selection, in the words of filter expressions, with conditions on what happened there. */
export function clauseOf(selected: Selected, ...conditions: readonly string[]): string {
  const part = selected.kind === "node" ? selected.node.part : undefined;
  const all = [...operationConditions(part), ...conditions];
  return all.length === 0 ? selectorOf(selected) : `${selectorOf(selected)} { ${all.join(" AND ")} }`;
}

/**
 * What finds an operation as `GET /orders/{id}`: its method, and of its path the longest stretch that is always the same.
 * Names of environments are no operations: they begin with neither.
 */
export function operationConditions(part: string | undefined): string[] {
  const [, method, path] = /^(?:([A-Z]+) ?)?(\/.*)?$/.exec(part ?? "") ?? [];
  const stretches = (path ?? "").split("{id}").sort((a, b) => b.length - a.length);
  const stretch = stretches[0] ?? "";
  return [
    ...(method === undefined ? [] : [`http.method = ${quoteText(method)}`]),
    ...(stretch.length < 2 ? [] : [`http.url CONTAINS ${quoteText(stretch)}`]),
  ];
}
