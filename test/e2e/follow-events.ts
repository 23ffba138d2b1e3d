/** The live stream of a server, as far as its traces go. */
export interface FollowedEvents {
  /** Of every trace that was told, as often as it was. */
  traceIds(): string[];
  close(): void;
}

/** Listens until it is closed. */
export async function followEvents(url: string): Promise<FollowedEvents> {
  const abort = new AbortController();
  const answer = await fetch(`${url}/events`, { signal: abort.signal });
  if (!answer.ok || answer.body === null) throw new Error(`${url}/events answers ${answer.status}`);
  const ids: string[] = [];
  const read = async (body: ReadableStream<Uint8Array>): Promise<void> => {
    const decoder = new TextDecoder();
    let text = "";
    for await (const bytes of body) {
      text += decoder.decode(bytes, { stream: true });
      const events = text.split("\n\n");
      text = events.pop() ?? "";
      for (const event of events) {
        const data = /^event: trace\ndata: (.*)$/m.exec(event)?.[1];
        if (data !== undefined) ids.push(...(JSON.parse(data) as { Id: string }[]).map(({ Id }) => Id));
      }
    }
  };
  // Closing it ends the reading with an error of its own; a server that goes away leaves the list as it is.
  read(answer.body).catch(() => undefined);
  return { traceIds: () => [...ids], close: () => abort.abort() };
}
