import { getLogger } from "./logger.ts";

/** What to do where there is no segment: tell the log, throw, nothing, or what a function does. */
type ContextMissingStrategy = "LOG_ERROR" | "RUNTIME_ERROR" | "IGNORE_ERROR" | ((msg: string) => void);

const strategies: Readonly<Record<string, (message: string) => void>> = {
  LOG_ERROR(message) {
    getLogger().error(new Error(message).stack);
  },
  RUNTIME_ERROR(message) {
    throw new Error(message);
  },
  IGNORE_ERROR() {
    // As asked.
  },
};

let contextMissingNow = strategies.LOG_ERROR!;
const fromEnvironment = process.env.AWS_XRAY_CONTEXT_MISSING;
if (fromEnvironment) contextMissingNow = strategyOf(fromEnvironment);

/** Called where a segment is wanted and none is there. */
export function contextMissing(message: string): void {
  contextMissingNow(message);
}

/** Sets what is done where there is no segment, unless `AWS_XRAY_CONTEXT_MISSING` says it. */
export function setContextMissingStrategy(strategy: ContextMissingStrategy): void {
  if (fromEnvironment) getLogger().warn("AWS_XRAY_CONTEXT_MISSING goes before setContextMissingStrategy.");
  else contextMissingNow = strategyOf(strategy);
}

function strategyOf(strategy: unknown): (message: string) => void {
  if (typeof strategy === "function") return strategy as (message: string) => void;
  if (typeof strategy !== "string") throw new Error("A context missing strategy is a text or a function.");
  const named = strategies[strategy.toUpperCase()];
  if (named !== undefined) return named;
  throw new Error(`Invalid context missing strategy: ${strategy}. It is one of ${Object.keys(strategies).join(", ")}.`);
}
