import type { Log } from "../log.ts";
import { changeOf } from "../store/store-change.ts";
import type { StoreChange } from "../store/trace-store.ts";
import { type RemoteTraces, versionOf } from "./remote-traces.ts";

export interface FollowOptions {
  readonly traces: RemoteTraces;
  /** How long to wait between two looks. */
  readonly paceMs: () => Promise<number>;
  readonly onChange: (change: StoreChange) => void;
  readonly log: Log;
  /** Milliseconds. */
  readonly now: () => number;
}

/** Traces change as long as they run, and some segments come late. AWS bills each trace that a look finds. */
const windowSeconds = 120;
const mostDigests = 50;

/** An X-Ray API tells nobody what changes, so it is looked at again and again, and asked for what is new. Answers the end of it. */
export function followRemote({ traces, paceMs, onChange, log, now }: FollowOptions): () => void {
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  let known: ReadonlyMap<string, string> | undefined;

  const look = async (): Promise<void> => {
    const endSeconds = now() / 1000;
    const range = { startSeconds: endSeconds - windowSeconds, endSeconds, rangeType: "Event" as const };
    const { TraceSummaries, NextToken } = await traces.findSummaries(range);
    const before = known;
    known = new Map(TraceSummaries.map((summary) => [summary.Id, versionOf(summary)]));
    // Who begins to listen has just asked for what there is.
    if (before === undefined) return;
    const changed = TraceSummaries.filter((summary) => before.get(summary.Id) !== versionOf(summary));
    const shown = changed.slice(0, mostDigests);
    const earlier = new Map(shown.map(({ Id }) => [Id, traces.lastKnown(Id)]));
    const versions = (await traces.digest(shown)).map((digest) => {
      const old = earlier.get(digest.id);
      return { before: old && { digest: old }, digest };
    });
    const change = changeOf(versions);
    if (change === undefined || isStopped) return;
    const isCut = changed.length > shown.length || NextToken !== undefined;
    onChange({ ...change, truncated: change.truncated || isCut });
  };
  const lookOn = async (): Promise<void> => {
    try {
      await look();
    } catch (error) {
      log.warn({ error: error instanceof Error ? error.message : String(error) }, "looking for new traces failed");
    }
    const ms = await paceMs();
    if (isStopped) return;
    timer = setTimeout(() => void lookOn(), ms);
    timer.unref();
  };
  void lookOn();
  return () => {
    isStopped = true;
    clearTimeout(timer);
  };
}
