import type { ReactElement } from "react";
import type { WireTraceSummary } from "../../api/wire.ts";
import { hiddenTroubles, isColdStart, suspectsNPlusOne } from "./summary-words.ts";

/** What is worth knowing of a trace beside how it went: in progress, a cold start, N+1, troubles that its entry hides. */
export function TraceBadges({ trace }: { trace: WireTraceSummary }): ReactElement {
  return (
    <>
      {trace.IsPartial && <span className="tag">in progress</span>}
      {isColdStart(trace) && (
        <span className="tag" title="A function that had to be started first">
          cold start
        </span>
      )}
      {suspectsNPlusOne(trace) && (
        <span className="tag warn" title={`One segment made ${trace.RepeatedCalls} calls to the same service`}>
          N+1? <span className="tabular">{trace.RepeatedCalls}×</span>
        </span>
      )}
      {trace.Weight !== undefined && (
        <span
          className="tag"
          title={`Tail sampling kept this one of about ${trace.Weight} traces; figures count it so often`}
        >
          1 of <span className="tabular">{trace.Weight}</span>
        </span>
      )}
      {hiddenTroubles(trace).map((trouble) => (
        <span key={trouble} className="tag warn">
          {trouble}
        </span>
      ))}
    </>
  );
}
