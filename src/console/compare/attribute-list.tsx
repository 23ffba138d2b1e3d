import type { ReactElement } from "react";
import { Link } from "wouter";
import type { ComparedAttribute, ComparedValue } from "../../analysis/compare-facets.ts";
import { shortUrl } from "../../analysis/short-url.ts";
import { useView } from "../address/use-view.ts";
import { pageAddress } from "../address/view-address.ts";
import { facetClause } from "../filter-bar/facet-clause.ts";
import { narrowFilter } from "../filter-bar/refine-filter.ts";
import { formatShare, plural } from "../ui/format.ts";
import type { SetSide } from "./compare-address.ts";

export interface AttributeListProps {
  readonly attributes: readonly ComparedAttribute[];
  readonly a: SetSide;
  readonly b: SetSide;
}

const mostAttributes = 20;
const mostValues = 4;

const names: Readonly<Record<ComparedAttribute["kind"], string>> = {
  service: "Service",
  operation: "Operation",
  outcome: "Outcome",
  status: "Status",
  exception: "Exception",
  user: "User",
  annotation: "Annotation",
};

/** The attributes that differ most, with the share of the traces that have each value in either set. */
export function AttributeList({ attributes, a, b }: AttributeListProps): ReactElement {
  return (
    <ol className="attribute-list">
      {attributes.slice(0, mostAttributes).map((attribute) => (
        <li key={`${attribute.kind} ${attribute.key ?? ""}`}>
          <h3>
            {attribute.kind === "annotation" ? <code className="breaks">{attribute.key}</code> : names[attribute.kind]}
            <span className="muted">{attribute.kind === "annotation" && "annotation"}</span>
          </h3>
          <ul>
            {attribute.values.slice(0, mostValues).map((value) => (
              <li key={valueWords(value)}>
                <Value attribute={attribute} value={value} a={a} b={b} />
              </li>
            ))}
          </ul>
          {attribute.values.length > mostValues && (
            <p className="muted">and {plural(attribute.values.length - mostValues, "more value", "more values")}</p>
          )}
        </li>
      ))}
    </ol>
  );
}

interface ValueProps {
  readonly attribute: ComparedAttribute;
  readonly value: ComparedValue;
  readonly a: SetSide;
  readonly b: SetSide;
}

function Value({ attribute, value, a, b }: ValueProps): ReactElement {
  const { view } = useView();
  const { kind, key } = attribute;
  const clause = facetClause({ kind, ...(key !== undefined && { key }) }, value);
  const more = value.shareB >= value.shareA ? b : a;
  const href = pageAddress("/traces", view, { filter: narrowFilter(more.filter, clause), span: more.span });
  const low = Math.min(value.shareA, value.shareB);
  const high = Math.max(value.shareA, value.shareB);
  return (
    <Link href={href} className="attribute-value" title={`Show the traces: ${clause}`}>
      <span className="url">{valueWords(value)}</span>
      <span className="dumbbell" aria-hidden="true">
        <span className="dumbbell-line" style={{ left: `${low * 100}%`, width: `${(high - low) * 100}%` }} />
        <span className="dumbbell-a" style={{ left: `${value.shareA * 100}%` }} />
        <span className="dumbbell-b" style={{ left: `${value.shareB * 100}%` }} />
      </span>
      <span className="tabular">
        <span className="unseen">in A </span>
        {formatShare(value.shareA, 1)} → <span className="unseen">in B </span>
        {formatShare(value.shareB, 1)}
      </span>
    </Link>
  );
}

function valueWords({ value, method, message }: ComparedValue): string {
  if (method !== undefined) return `${method} ${shortUrl(String(value))}`;
  if (message !== undefined) return message === "" ? String(value) : `${value}: ${message}`;
  return String(value);
}
