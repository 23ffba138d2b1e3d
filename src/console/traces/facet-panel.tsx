import { type ReactElement, useState } from "react";
import type { Facet, FacetKind } from "../../analysis/facet.ts";
import type { TimeSpan } from "../address/time-span.ts";
import { useView } from "../address/use-view.ts";
import { formatCount } from "../ui/format.ts";
import { Icon } from "../ui/icon.tsx";
import { FacetRow } from "./facet-row.tsx";
import { useFacets } from "./use-overview.ts";

export interface FacetPanelProps {
  readonly filter: string;
  readonly span: TimeSpan;
}

const titles: Readonly<Record<Exclude<FacetKind, "annotation">, string>> = {
  outcome: "Outcome",
  status: "HTTP status",
  service: "Service",
  operation: "Operation",
  exception: "Error message",
  user: "User",
};
/** Values that are shown before one asks for more. */
const fewValues = 6;
/** Attributes of which every trace has another value are folded: nobody looks for one of those in a list. */
const telling = 0.5;

/** What the matching traces have in common: a value is included by a click, excluded by the button beside it. */
export function FacetPanel({ filter, span }: FacetPanelProps): ReactElement {
  const { facets, overview, isStale } = useFacets(filter, span);
  return (
    <aside className={isStale ? "facets stale" : "facets"} aria-label="Attributes" aria-busy={overview === undefined}>
      {overview === undefined && <FacetSkeleton />}
      {overview?.isPartial && (
        <p className="facets-note muted">Counted so far: the newest {formatCount(overview.traces)} that match.</p>
      )}
      {facets.map((facet) => (
        <FacetGroup key={`${facet.kind} ${facet.key ?? ""}`} facet={facet} filter={filter} />
      ))}
      {overview !== undefined && facets.length === 0 && <p className="facets-note muted">Nothing to tell apart.</p>}
    </aside>
  );
}

function FacetGroup({ facet, filter }: { facet: Facet; filter: string }): ReactElement {
  const { show } = useView();
  const { kind, key, values, distinct, isOpen, traces } = facet;
  const isTelling = distinct <= 12 || distinct < traces * telling;
  const [isShown, setShown] = useState<boolean>();
  const [shown, setCount] = useState(fewValues);
  const most = values[0]?.traces ?? 1;
  const isUnfolded = isShown ?? isTelling;
  return (
    <section className="facet">
      <h2>
        <button type="button" className="facet-fold" aria-expanded={isUnfolded} onClick={() => setShown(!isUnfolded)}>
          <Icon name={isUnfolded ? "down" : "right"} size={10} />
          <span className="facet-name">
            {kind === "annotation" ? (
              <>
                <span className="unseen">annotation </span>
                <code>{key}</code>
              </>
            ) : (
              titles[kind]
            )}
          </span>
          <span className="muted tabular" title={`${distinct} different values`}>
            {isOpen ? `${formatCount(distinct)}+` : formatCount(distinct)}
          </span>
        </button>
      </h2>
      {isUnfolded && (
        <ul>
          {values.slice(0, shown).map((value) => (
            <FacetRow
              key={`${value.family ?? ""} ${value.method ?? ""} ${value.value} ${value.message ?? ""} ${value.goesOn}`}
              facet={facet}
              value={value}
              mostTraces={most}
              filter={filter}
              onChange={(changed) => show({ filter: changed }, "push")}
            />
          ))}
          {values.length > shown && (
            <li>
              <button type="button" className="quiet small" onClick={() => setCount(values.length)}>
                {values.length - shown} more
              </button>
            </li>
          )}
          {shown >= values.length && distinct > values.length && (
            <li className="muted facets-note">and {formatCount(distinct - values.length)} more: type in the filter</li>
          )}
        </ul>
      )}
    </section>
  );
}

function FacetSkeleton(): ReactElement {
  return (
    <div aria-hidden="true" className="facets-skeleton">
      {["60%", "84%", "72%", "90%", "66%", "78%", "58%", "82%"].map((width) => (
        <div key={width} className="skeleton line" style={{ width }} />
      ))}
    </div>
  );
}
