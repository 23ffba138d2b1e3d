import type { Counters } from "../../api/wire.ts";
import { readStatus, readSummaries } from "../api-client.ts";
import type { LiveEvents } from "./live-connection.ts";

/** Asks for what a live stream would have told since it was last asked, for where streams do not get through. */
export function changesPoller(filter: string): () => Promise<Partial<LiveEvents>> {
  let counters: Counters | undefined;
  let sinceSeconds = Date.now() / 1000 - 60;
  return async () => {
    const { counters: now } = await readStatus();
    if (counters?.stored === now.stored) return { stats: now };
    const endSeconds = Date.now() / 1000;
    const page = await readSummaries({ startSeconds: sinceSeconds, endSeconds, filter });
    counters = now;
    // What ends now may have begun a while ago and come later still.
    sinceSeconds = endSeconds - 60;
    return { stats: now, trace: page.TraceSummaries, map: { minutes: [], nodes: [], edges: [] } };
  };
}
