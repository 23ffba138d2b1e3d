import type { ReactElement } from "react";
import { formatCount, formatShare } from "./format.ts";
import { states } from "./health-states.ts";
import type { State } from "./icon-paths.ts";
import { StateMark, stateNames } from "./state-mark.tsx";

export type Shares = Readonly<Record<State, number>>;

/** The four states as parts of one bar, with what they are in figures beneath. */
export function HealthBar({ shares }: { shares: Shares }): ReactElement {
  const total = states.reduce((sum, state) => sum + shares[state], 0);
  return (
    <div className="health">
      <div className="health-bar" aria-hidden="true">
        {states.map(
          (state) => shares[state] > 0 && <span key={state} className={state} style={{ flexGrow: shares[state] }} />,
        )}
      </div>
      <ul className="health-figures">
        {states.map((state) => (
          <li key={state} className={shares[state] === 0 ? "none" : ""}>
            <StateMark state={state} isSilent />
            {stateNames[state]} <b>{formatCount(shares[state])}</b>
            <span className="muted"> {formatShare(shares[state], total)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
