import { type Overview, OverviewBuilder } from "../../analysis/overview.ts";
import { requiredTerms } from "../../filter/terms.ts";
import { Judge, tracesReadPerPage } from "../judge.ts";
import { isInRange } from "../trace-in-range.ts";
import type { OverviewQuery } from "../trace-store.ts";
import type { DigestView } from "./digest-view.ts";
import type { PartInfo } from "./part-info.ts";
import type { Snapshot } from "./part-reader.ts";
import { segmentReader } from "./read-trace.ts";
import { stretches, type Wanted } from "./trace-sources.ts";
import { Turns } from "./turns.ts";

interface Open {
  readonly part: PartInfo;
  readonly snapshot: Snapshot;
}

/** The first partial answer comes after this; each next one takes twice as long, since it says less that is new. */
const firstPartialMs = 120;
/** A filter that asks for what only documents tell is tried on so many of them. */
const mostRead = 5 * tracesReadPerPage;

/** Adds up the matching traces, about newest first, until all or the bounded number of them have been looked at. */
export async function readOverview(
  opened: readonly Open[],
  query: OverviewQuery,
  onPartial: (overview: Overview) => void = () => {},
): Promise<Overview> {
  const { filter, mostTraces, startSeconds, endSeconds } = query;
  const range = { startSeconds, endSeconds, rangeType: "Event" } as const;
  const builder = new OverviewBuilder(query);
  const judge = new Judge(filter);
  const read = segmentReader(opened.map(({ snapshot }) => snapshot));
  const accepts = (trace: DigestView): boolean =>
    isInRange(trace, range) && judge.lets(trace) && judge.holds(trace, read);
  const clauses = filter === undefined ? [] : requiredTerms(filter);
  const wanted: Wanted = { ...range, accepts, clauses };
  const all = opened.flatMap(({ snapshot, part }) => stretches(snapshot, part, wanted));
  const turns = new Turns();
  let pauseMs = firstPartialMs;
  let sentMs = performance.now();
  for (const stretch of all.sort((a, b) => b.newestSeconds - a.newestSeconds)) {
    for (const trace of stretch.candidates()) {
      if (builder.looked >= mostTraces || judge.tracesRead >= mostRead) return builder.overview({ isPartial: true });
      builder.look();
      if (accepts(trace)) builder.add(trace);
      if (!turns.isOver()) continue;
      if (performance.now() - sentMs > pauseMs) {
        onPartial(builder.overview({ isPartial: true }));
        pauseMs *= 2;
        sentMs = performance.now();
      }
      await turns.pass();
    }
  }
  return builder.overview({ isPartial: false });
}
