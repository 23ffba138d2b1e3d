import type { ReactElement } from "react";
import { type State, statePaths } from "./icon-paths.ts";

/** What a state is called. */
export const stateNames: Readonly<Record<State, string>> = {
  ok: "OK",
  error: "Error",
  throttle: "Throttle",
  fault: "Fault",
};

/** A state by shape and colour; its name is there for those who see neither. */
export function StateMark({ state, isSilent = false }: { state: State; isSilent?: boolean }): ReactElement {
  return (
    <span className={`state-mark ${state}`}>
      <svg viewBox="0 0 16 16" width="11" height="11" aria-hidden="true">
        <path d={statePaths[state]} />
      </svg>
      {!isSilent && <span className="unseen">{stateNames[state]}</span>}
    </span>
  );
}
