import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { Arrivals } from "./arrivals.ts";
import { noteArrived } from "./arrived.ts";
import type { LiveEvents } from "./live-connection.ts";
import { forgetArrived, noteGap, useLive } from "./live-store.ts";
import { Pace } from "./pace.ts";
import { changesPoller } from "./poll-changes.ts";
import { SharedConnection } from "./shared-connection.ts";

/**
 * Keeps the page's live stream open while the page can be seen, and passes on what it says: changed traces to the list,
 * changes of the graph as a reason to ask for it again. Answers a function that tries again at once.
 */
export function useLiveStream(filter: string): () => void {
  const client = useQueryClient();
  const isVisible = useVisibility();
  const [connection, setConnection] = useState<SharedConnection>();

  useEffect(() => {
    // A browser grants a site few connections: a page in the background gives its own back.
    if (!isVisible) return;
    forgetArrived();
    const pace = new Pace(() => client.invalidateQueries({ queryKey: ["graph"] }));
    const arrivals = new Arrivals((summaries) => {
      useLive.setState(({ arrived }) => ({ arrived: noteArrived(arrived, summaries) }));
      for (const { Id } of summaries) client.invalidateQueries({ queryKey: ["trace", Id] });
    });
    const opened = new SharedConnection({
      url: filter === "" ? "/events" : `/events?filter=${encodeURIComponent(filter)}`,
      poll: changesPoller(filter),
      onState: (connection) => {
        useLive.setState({ connection, ...(connection.kind === "open" && { heardMs: Date.now() }) });
      },
      onEvent: (name, data) => hear(name, data, { client, pace, arrivals }),
    });
    setConnection(opened);
    return () => {
      opened.close();
      pace.close();
      arrivals.close();
    };
  }, [client, filter, isVisible]);

  const wasHidden = useRef(!isVisible);
  useEffect(() => {
    // What happened meanwhile, in the background.
    if (isVisible && wasHidden.current) client.invalidateQueries();
    wasHidden.current = !isVisible;
  }, [client, isVisible]);

  return () => connection?.retry();
}

interface Hearers {
  readonly client: QueryClient;
  readonly pace: Pace;
  readonly arrivals: Arrivals;
}

function hear<Name extends keyof LiveEvents>(
  name: Name,
  data: LiveEvents[Name],
  { client, pace, arrivals }: Hearers,
): void {
  const { isFollowing } = useLive.getState();
  useLive.setState({ heardMs: Date.now() });
  switch (name) {
    case "stats":
      useLive.setState({ counters: data as LiveEvents["stats"] });
      return;
    case "gap":
      noteGap();
      client.invalidateQueries();
      return;
    case "map":
      if (isFollowing) pace.ask();
      return;
    case "trace":
      if (isFollowing) arrivals.add(data as LiveEvents["trace"]);
  }
}

function useVisibility(): boolean {
  const [isVisible, setVisible] = useState(document.visibilityState === "visible");
  useEffect(() => {
    const update = (): void => setVisible(document.visibilityState === "visible");
    document.addEventListener("visibilitychange", update);
    return () => document.removeEventListener("visibilitychange", update);
  }, []);
  return isVisible;
}
