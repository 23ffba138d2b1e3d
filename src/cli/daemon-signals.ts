/** The signals that a daemon lives with. */
export interface DaemonSignals {
  /** Resolves at the first SIGTERM or SIGINT. A second one then ends the process at once. */
  readonly stopped: Promise<NodeJS.Signals>;
  /** What to do at each SIGHUP, one after another; one that has come already counts. Until then none does anything. */
  onHangUp(act: () => Promise<void>): void;
  /** Gives the signals back to the system. May be called twice. */
  close(): void;
}

const endings = ["SIGTERM", "SIGINT"] as const;

/** Listens from now on, so that a signal during the start is not what ends it. */
export function listenForSignals(): DaemonSignals {
  let stop!: (signal: NodeJS.Signals) => void;
  const stopped = new Promise<NodeJS.Signals>((resolve) => {
    stop = resolve;
  });
  const end = (signal: NodeJS.Signals): void => {
    for (const ending of endings) process.off(ending, end);
    stop(signal);
  };
  for (const ending of endings) process.on(ending, end);

  let begin!: (act: () => Promise<void>) => void;
  const act = new Promise<() => Promise<void>>((resolve) => {
    begin = resolve;
  });
  let acting: Promise<void> = Promise.resolve();
  const hangUp = (): void => {
    acting = acting.then(async () => (await act)());
  };
  process.on("SIGHUP", hangUp);

  return {
    stopped,
    onHangUp: begin,
    close() {
      for (const ending of endings) process.off(ending, end);
      process.off("SIGHUP", hangUp);
    },
  };
}
