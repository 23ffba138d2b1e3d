import type { FacetKind, Named } from "../../analysis/facet.ts";
import { formatAnnotationKey, quoteText } from "../../filter/format.ts";

/** The clause that finds the traces which have this value of an attribute, and no others. */
export function facetClause({ kind, key }: { kind: FacetKind; key?: string }, named: Named): string {
  const { value, method, goesOn, message, family } = named;
  switch (kind) {
    case "service":
      return `service(${quoteText(String(value))})`;
    case "operation": {
      const url = `http.url ${goesOn ? "BEGINSWITH" : "="} ${quoteText(String(value))}`;
      return method === undefined ? url : `(http.method = ${quoteText(method)} AND ${url})`;
    }
    case "outcome":
      return String(value);
    case "status":
      return `http.status = ${value}`;
    case "exception":
      return `rootcause.${family}.exception { name = ${quoteText(String(value))} AND message = ${quoteText(message ?? "")} }`;
    case "user":
      return `user = ${quoteText(String(value))}`;
    case "annotation":
      return `${formatAnnotationKey(key ?? "")} = ${typeof value === "string" ? quoteText(value) : value}`;
  }
}

/** Whether a trace has one value of this attribute at most, so that two of them are joined with OR. */
export function hasOneValue(kind: FacetKind): boolean {
  return kind === "operation" || kind === "status";
}
