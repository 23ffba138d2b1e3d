import type { Sink } from "../ingest/ingest.ts";

/**
 * A sink that keeps documents here and, once they are durable, sends on those that were accepted. What is not stored is
 * not sent on: the door tries it again.
 */
export function forwardAccepted(store: Sink, put: (documents: readonly Uint8Array[]) => void): Sink {
  return {
    async append(documents) {
      const result = await store.append(documents);
      const accepted = documents.filter((_, at) => result.outcomes[at] === undefined);
      if (accepted.length > 0) put(accepted.map(({ bytes }) => bytes));
      return result;
    },
  };
}
