import { useQuery } from "@tanstack/react-query";
import { type FormEvent, type ReactElement, useState } from "react";
import { Link } from "wouter";
import { shortUrl } from "../../analysis/short-url.ts";
import type { SpanTree } from "../../analysis/span-tree.ts";
import { endsOf } from "../address/time-span.ts";
import { useView } from "../address/use-view.ts";
import { pageAddress } from "../address/view-address.ts";
import { readSummaries } from "../api-client.ts";
import { traceWords } from "../timeline/trace-words.ts";
import { entryWords, traceState } from "../traces/summary-words.ts";
import { formatDuration, formatMoment, formatTime, plural } from "../ui/format.ts";
import { StateMark } from "../ui/state-mark.tsx";

export interface TraceSideProps {
  readonly name: "A" | "B";
  readonly id: string;
  readonly tree: SpanTree | null | undefined;
  /** The other side: traces of the same request are proposed first. */
  readonly like: SpanTree | null | undefined;
  readonly onPick: (id: string) => void;
}

/** One of the two traces: what it is, or which it could be. */
export function TraceSide({ name, id, tree, like, onPick }: TraceSideProps): ReactElement {
  const { view } = useView();
  const words = tree ? traceWords(tree) : undefined;
  return (
    <section className="compare-side" aria-label={`Trace ${name}`}>
      <header>
        <span className={`side-name side-${name.toLowerCase()}`} aria-hidden="true">
          {name}
        </span>
        {id === "" && <h2>Pick a trace</h2>}
        {id !== "" && tree === null && <h2>Trace {name} is not here</h2>}
        {id !== "" && tree === undefined && <span className="skeleton line" />}
        {words !== undefined && tree && (
          <h2>
            <StateMark state={words.state} />
            <Link className="url" href={pageAddress(`/trace/${id}`, view)}>
              {words.method} {shortUrl(words.title)}
            </Link>
          </h2>
        )}
        {id !== "" && (
          <button type="button" className="quiet" onClick={() => onPick("")}>
            Change
          </button>
        )}
      </header>
      {id === "" && <TracePicker like={like ?? undefined} onPick={onPick} />}
      {id !== "" && tree === null && (
        <p className="muted">
          <code className="breaks">{id}</code> has not come yet, or retention has removed it.
        </p>
      )}
      {tree && (
        <p className="muted tabular">
          {formatDuration(tree.endSeconds - tree.startSeconds)} · {plural(tree.count, "row")} ·{" "}
          {formatMoment(tree.startSeconds)}
          {tree.isPartial && <span className="tag">in progress</span>}
        </p>
      )}
    </section>
  );
}

const mostProposed = 6;

/** The newest traces, those of the same request first; or any, by its id. */
function TracePicker({ like, onPick }: { like: SpanTree | undefined; onPick: (id: string) => void }): ReactElement {
  const { view } = useView();
  const [typed, setTyped] = useState("");
  const { data } = useQuery({
    queryKey: ["traces-to-compare", view.filter, view.span],
    queryFn: ({ signal }) => readSummaries({ ...endsOf(view.span, Date.now() / 1000), filter: view.filter }, signal),
  });
  const wanted = like && traceWords(like);
  const isAlike = (title: string, method: string | undefined): boolean =>
    wanted !== undefined && shortUrl(wanted.title) === title && wanted.method === method;
  const others = (data?.TraceSummaries ?? []).filter(({ Id }) => Id !== like?.rows[0]?.segment.traceId);
  const proposed = others
    .map((trace) => ({ trace, words: entryWords(trace) }))
    .sort((a, b) => Number(isAlike(b.words.title, b.words.method)) - Number(isAlike(a.words.title, a.words.method)))
    .slice(0, mostProposed);
  const pickTyped = (event: FormEvent): void => {
    event.preventDefault();
    if (typed.trim() !== "") onPick(typed.trim());
  };
  return (
    <div className="trace-picker">
      <ul>
        {proposed.map(({ trace, words }) => (
          <li key={trace.Id}>
            <button type="button" className="quiet" onClick={() => onPick(trace.Id)}>
              <StateMark state={traceState(trace)} />
              <span className="url">
                {words.method} {words.title}
              </span>
              <span className="tabular">{formatDuration(trace.Duration)}</span>
              <span className="tabular muted">{formatTime(trace.StartTime)}</span>
            </button>
          </li>
        ))}
      </ul>
      {data !== undefined && proposed.length === 0 && <p className="muted">There is no trace in this time.</p>}
      <form onSubmit={pickTyped}>
        <input
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          placeholder="or a trace's id: 1-…"
          aria-label="Id of a trace"
          spellCheck={false}
        />
        <button type="submit" disabled={typed.trim() === ""}>
          Take it
        </button>
      </form>
    </div>
  );
}
