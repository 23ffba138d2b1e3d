import type { DocumentStore } from "../settings/document-store.ts";

/** Access keys that hold on all nodes. */
export interface KeyList<Key> {
  readonly keys: readonly Key[];
}

/** Keys by their ids, as they are at present. */
export interface FollowedKeys<Key> {
  /** One and the same map, whose entries change. */
  readonly keys: ReadonlyMap<string, Key>;
  /** May be called twice. */
  close(): void;
}

const paceMs = 2_000;

/**
 * The keys that a node was given itself and those that hold on all nodes, looked up again every two seconds: a key that is
 * taken away is let in nowhere any more. Of two keys with one id the node's own holds.
 */
export async function followKeys<Key extends { readonly id: string }>(
  store: DocumentStore<KeyList<Key>>,
  own: ReadonlyMap<string, Key>,
): Promise<FollowedKeys<Key>> {
  const keys = new Map<string, Key>();
  let told: readonly Key[] | undefined;
  const look = async (): Promise<void> => {
    const { keys: shared } = await store.read();
    if (shared === told) return;
    told = shared;
    const present = new Map([...shared.map((key) => [key.id, key] as const), ...own]);
    for (const id of keys.keys()) if (!present.has(id)) keys.delete(id);
    for (const [id, key] of present) keys.set(id, key);
  };
  await look();
  // While the database is away the document is as it was last known; what else may go wrong with it was said at the start.
  const timer = setInterval(() => void look().catch(() => undefined), paceMs);
  timer.unref();
  return { keys, close: () => clearInterval(timer) };
}
