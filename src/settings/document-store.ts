/** Where one small document is kept. Whoever has seen a change acknowledged, reads it. */
export interface DocumentStore<D> {
  /** The newest document, as a whole that no later change touches. */
  read(): Promise<D>;
  /**
   * Makes a new document of the newest one. Changes are made one after another; the answer resolves when the new document
   * is durable. A `make` that throws changes nothing, and its error is the answer's. Rejects with
   * `FLUORO_SETTINGS_WRITE` when it cannot be kept.
   */
  change<T>(make: (document: D) => Changed<D, T>): Promise<T>;
}

interface Changed<D, T> {
  readonly document: D;
  readonly result: T;
}

/** A document that ends with the process: for `--ephemeral`, and for tests. */
export function documentInMemory<D>(initial: D): DocumentStore<D> {
  let document = initial;
  return {
    read: async () => document,
    async change(make) {
      const changed = make(document);
      document = changed.document;
      return changed.result;
    },
  };
}
