const signals = ["SIGTERM", "SIGINT", "SIGHUP"] as const;

/**
 * Calls `flush` before the process ends, in whatever way it does. Nothing of how it ends changes: a signal that would
 * have ended it still does, and one that the application answers is left to it. Answers how to stop.
 */
export function atExit(flush: () => void): () => void {
  const onSignal = (signal: NodeJS.Signals): void => {
    flush();
    if (process.listenerCount(signal) > 1) return;
    process.off(signal, onSignal);
    process.kill(process.pid, signal);
  };
  for (const signal of signals) process.on(signal, onSignal);
  process.on("beforeExit", flush);
  process.on("exit", flush);
  return () => {
    for (const signal of signals) process.off(signal, onSignal);
    process.off("beforeExit", flush);
    process.off("exit", flush);
  };
}
