import { useQuery } from "@tanstack/react-query";
import type { ReactElement } from "react";
import type { KeptProblem } from "../../api/wire.ts";
import { readProblems } from "../api-client.ts";
import { useLive } from "../live/live-store.ts";
import { Failure } from "../ui/failure.tsx";
import { Foldout } from "../ui/foldout.tsx";
import { formatCount, formatMoment } from "../ui/format.ts";
import { SkeletonRows } from "../ui/skeleton-rows.tsx";
import { remedyFor } from "./remedies.ts";
import "../styles/problems.css";

/** Every document that was refused: why, where, and what to do about it. */
export function ProblemsSection(): ReactElement {
  const refused = useLive((live) => live.counters?.refused ?? 0);
  const { data, error } = useQuery({
    // Asked again whenever one more was refused.
    queryKey: ["problems", refused],
    queryFn: ({ signal }) => readProblems(signal),
    placeholderData: (before) => before,
  });
  return (
    <div className="problems-page">
      <header>
        <h2>Problems</h2>
        <p className="muted">
          Documents and packets that were not understood. Each says what is wrong and where; nothing is dropped in
          silence.
        </p>
        {data !== undefined && (
          <ul className="problem-counts">
            {Object.entries(data.counts).map(([code, count]) => (
              <li key={code} className="tag">
                {code} <b className="tabular">{formatCount(count)}</b>
              </li>
            ))}
          </ul>
        )}
      </header>
      {data === undefined && error === null && <SkeletonRows />}
      {data === undefined && error !== null && <Failure error={error} what="The problems cannot be read" />}
      {data?.problems.length === 0 && (
        <div className="empty" role="status">
          <h3>No problems</h3>
          <p className="muted">Everything that arrived since the start was understood.</p>
        </div>
      )}
      <ol>
        {data?.problems.map((problem, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: problems have no identity; the list is small
          <li key={`${problem.atSeconds} ${index}`}>
            <Problem problem={problem} />
          </li>
        ))}
      </ol>
    </div>
  );
}

/** X-Ray's form of message repeats the code and the place, which are told beside it. */
function causeOf(message: string): string {
  const cause = /Cause: (.*?)(?: \(at [^)]*\))?$/s.exec(message)?.[1] ?? message;
  return cause.charAt(0).toUpperCase() + cause.slice(1);
}

function Problem({ problem }: { problem: KeptProblem }): ReactElement {
  const { code, message, path, source, atSeconds, segmentId, document } = problem;
  return (
    <article className="problem">
      <header>
        <h3>{code}</h3>
        <span className="muted tabular">
          {formatMoment(atSeconds)} · {source}
        </span>
      </header>
      <p className="breaks">{causeOf(message)}</p>
      <dl className="fields">
        {path !== "" && (
          <div>
            <dt>Where</dt>
            <dd>
              <code className="breaks">{path}</code>
            </dd>
          </div>
        )}
        {segmentId !== undefined && (
          <div>
            <dt>Segment</dt>
            <dd>
              <code>{segmentId}</code>
            </dd>
          </div>
        )}
        <div>
          <dt>Remedy</dt>
          <dd>{remedyFor(code)}</dd>
        </div>
      </dl>
      {document !== "" && (
        <Foldout title="What came" copied={document}>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: who has no mouse scrolls it with the arrow keys */}
          <pre className="block" tabIndex={0}>
            {document}
          </pre>
        </Foldout>
      )}
    </article>
  );
}
