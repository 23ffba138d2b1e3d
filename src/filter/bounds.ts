import type { Filter } from "./tree.ts";

/** Whether the filter asks for what is not in digests, so that the documents of a trace must be read. */
export function readsDocuments(filter: Filter): boolean {
  switch (filter.kind) {
    case "metadata":
    case "subsegment":
      return true;
    case "and":
    case "or":
      return filter.terms.some(readsDocuments);
    case "not":
      return readsDocuments(filter.term);
    case "service":
      return readsDocuments(filter.where);
    default:
      return false;
  }
}

/**
 * A filter that asks for nothing but what is in digests: one that holds wherever the given one may hold (`may`), or only
 * where it holds whatever the documents say (`must`).
 */
export function withoutDocuments(filter: Filter, bound: "may" | "must"): Filter {
  if (!readsDocuments(filter)) return filter;
  switch (filter.kind) {
    case "and":
    case "or":
      return { kind: filter.kind, terms: filter.terms.map((term) => withoutDocuments(term, bound)) };
    case "not":
      return { kind: "not", term: withoutDocuments(filter.term, bound === "may" ? "must" : "may") };
    case "service":
      return { ...filter, where: withoutDocuments(filter.where, bound) };
    default:
      return bound === "may" ? everything : { kind: "not", term: everything };
  }
}

const everything: Filter = { kind: "everything" };
