/** Turns Ctrl-C into an abort, so that what was begun is ended and recorded. A second Ctrl-C ends the process. */
export function interruptible(also: AbortSignal): {
  readonly signal: AbortSignal;
  readonly wasInterrupted: () => boolean;
  readonly release: () => void;
} {
  const controller = new AbortController();
  const interrupt = (): void => controller.abort(new Error("Interrupted by Ctrl-C"));
  process.once("SIGINT", interrupt);
  return {
    signal: AbortSignal.any([controller.signal, also]),
    wasInterrupted: () => controller.signal.aborted,
    release: () => void process.removeListener("SIGINT", interrupt),
  };
}
