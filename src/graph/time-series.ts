import type { NodeMatch } from "./node-match.ts";

/** Whose figures a time series shows: `service(…)`, `id(…)` or `edge(…)` of an entity selector expression. */
export type EntitySelector =
  | { readonly kind: "service"; readonly node: NodeMatch }
  | { readonly kind: "edge"; readonly from: NodeMatch; readonly to: NodeMatch };
