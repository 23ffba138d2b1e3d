import type { ReactElement } from "react";
import type { Facet, FacetValue } from "../../analysis/facet.ts";
import { shortUrl } from "../../analysis/short-url.ts";
import { choiceOf, chooseValue } from "../filter-bar/choose-value.ts";
import { facetClause } from "../filter-bar/facet-clause.ts";
import { formatCount } from "../ui/format.ts";
import { Icon } from "../ui/icon.tsx";
import { serviceColour } from "../ui/service-colour.ts";
import { StateMark } from "../ui/state-mark.tsx";

export interface FacetRowProps {
  readonly facet: Facet;
  readonly value: FacetValue;
  readonly mostTraces: number;
  readonly filter: string;
  readonly onChange: (filter: string) => void;
}

/** One value: how many traces have it, how many of these fail, and two buttons that change the filter. */
export function FacetRow({ facet, value, mostTraces, filter, onChange }: FacetRowProps): ReactElement {
  const choice = choiceOf(filter, facet, value);
  const text = valueText(facet, value);
  const { traces, failing } = value;
  const share = (count: number): string => `${(100 * count) / mostTraces}%`;
  return (
    <li className={`facet-row ${choice}`}>
      <button
        type="button"
        className="facet-value"
        aria-pressed={choice === "included"}
        title={`${choice === "included" ? "No longer only" : "Only"} ${facetClause(facet, value)}`}
        onClick={() => onChange(chooseValue(filter, facet, value, "include"))}
      >
        <FacetMark facet={facet} value={value} />
        <span className="facet-text">{text}</span>{" "}
        <span className="tabular muted">
          {formatCount(traces)}
          {failing > 0 && failing < traces && <span className="unseen">, {failing} of them failing</span>}
        </span>
        <span className="facet-bar" aria-hidden="true">
          <i style={{ width: share(traces - failing) }} />
          <i className="failing" style={{ width: share(failing) }} />
        </span>
      </button>
      <button
        type="button"
        className="quiet icon-only small"
        aria-pressed={choice === "excluded"}
        aria-label={`Exclude ${text}`}
        title={`${choice === "excluded" ? "No longer without" : "Without"} ${facetClause(facet, value)}`}
        onClick={() => onChange(chooseValue(filter, facet, value, "exclude"))}
      >
        <Icon name="minus" size={12} />
      </button>
    </li>
  );
}

const outcomes: Readonly<Record<string, string>> = {
  ok: "OK",
  fault: "Fault",
  error: "Error",
  throttle: "Throttled",
  partial: "In progress",
};

function valueText({ kind }: Facet, { value, method, goesOn, message }: FacetValue): string {
  switch (kind) {
    case "outcome":
      return outcomes[String(value)] ?? String(value);
    case "operation":
      return `${method === undefined ? "" : `${method} `}${shortUrl(String(value))}${goesOn ? "…" : ""}`;
    case "exception":
      return [String(value), message].filter(Boolean).join(": ");
    default:
      return value === "" ? "(empty)" : String(value);
  }
}

function FacetMark({ facet: { kind }, value: { value } }: Pick<FacetRowProps, "facet" | "value">): ReactElement | null {
  if (kind === "service")
    return <i className="dot" aria-hidden="true" style={{ background: serviceColour(String(value)) }} />;
  if (kind !== "outcome") return null;
  const state = (["ok", "fault", "error", "throttle"] as const).find((each) => each === value);
  return state === undefined ? null : <StateMark state={state} isSilent />;
}
