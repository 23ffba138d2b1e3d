import { useQuery } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { endsOf } from "../address/time-span.ts";
import { useView } from "../address/use-view.ts";
import { formatCount, plural } from "../ui/format.ts";
import { NothingHere } from "../ui/nothing-here.tsx";
import { explainEmpty } from "./explain-empty.ts";

/** An empty result: which clause removed everything, with counts, and a button for each that drops it. */
export function NothingMatches({ what }: { what: string }): ReactElement {
  const { view, show } = useView();
  const { data: effects } = useQuery({
    queryKey: ["explain", view.filter, view.span],
    queryFn: ({ signal }) => explainEmpty(view.filter, endsOf(view.span, Date.now() / 1000), signal),
    enabled: view.filter !== "",
  });
  const useful = effects?.filter(({ traces }) => traces > 0) ?? [];
  if (view.filter === "" || useful.length === 0) return <NothingHere what={what} />;
  return (
    <div className="empty explained" role="status">
      <h2>No trace matches all of this</h2>
      <p className="muted">
        {useful.length === 1 ? "One clause removes everything:" : "Without one of these clauses there would be some:"}
      </p>
      <ul>
        {useful.map(({ clause, rest, traces, isPartial }) => (
          <li key={clause}>
            <code className="breaks">{clause}</code>
            <span className="muted tabular">
              {isPartial ? `${formatCount(traces)}+ traces` : plural(traces, "trace")} without it
            </span>
            <button type="button" onClick={() => show({ filter: rest }, "push")}>
              Drop it
            </button>
          </li>
        ))}
      </ul>
      <p className="actions">
        <button type="button" className="quiet" onClick={() => show({ filter: "" }, "push")}>
          Drop the filter
        </button>
      </p>
    </div>
  );
}
