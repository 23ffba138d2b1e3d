import type { WireTraceSummary } from "../api/wire.ts";
import { followEvents } from "../ask/follow-events.ts";
import { settleTraces } from "./settle-traces.ts";

export interface TraceFollowing {
  readonly endpoint: string;
  readonly key?: string | undefined;
  readonly filter?: string | undefined;
  readonly signal: AbortSignal;
  /** Each trace as it settles. */
  readonly onTrace: (summary: WireTraceSummary) => void;
  /** What else there is to say, as a sentence. */
  readonly onRemark: (sentence: string) => void;
}

/** Follows the traces that arrive, until the signal ends it; what has not settled by then is handed on as it is. */
export async function followTraces({ onTrace, onRemark, ...following }: TraceFollowing): Promise<void> {
  const settling = settleTraces(onTrace);
  try {
    await followEvents({
      ...following,
      onEvent: ({ event, data }) => {
        if (event === "trace") settling.add(JSON.parse(data) as readonly WireTraceSummary[]);
        else if (event === "gap") onRemark("More came than could be told; some traces are left out here.");
        else if (event === "lost")
          onRemark(`The connection to ${following.endpoint} is lost. Waiting for it to come back.`);
        else if (event === "back") onRemark("Connected again.");
      },
    });
    settling.flush();
  } finally {
    settling.close();
  }
}
