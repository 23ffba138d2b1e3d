import type { QueryClient } from "@tanstack/react-query";

/**
 * Resolves when no page of the list is being read: it is what people wait for, and a glance at all traces would take the
 * time of the same few cores.
 */
export async function afterList(client: QueryClient): Promise<void> {
  // What a page shows is asked for in one go: the list may only be about to be.
  await Promise.resolve();
  if (!isListRead(client)) return;
  await new Promise<void>((resolve) => {
    const unsubscribe = client.getQueryCache().subscribe(() => {
      if (isListRead(client)) return;
      unsubscribe();
      resolve();
    });
  });
}

function isListRead(client: QueryClient): boolean {
  return client.isFetching({ queryKey: ["traces"] }) > 0;
}
