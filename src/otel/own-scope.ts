import type { Scope } from "./span.ts";

/**
 * The scope of spans that were segments before. By it they are known when they come back: such a span says everything
 * itself, and nothing is inferred.
 */
export const ownScope: Scope = { name: "fluoroscope/segments" };
