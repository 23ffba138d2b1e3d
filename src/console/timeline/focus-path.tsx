import type { ReactElement } from "react";
import { labelOf } from "../../analysis/row-facts.ts";
import type { SpanColumns } from "../../analysis/span-columns.ts";
import { Icon } from "../ui/icon.tsx";

export interface FocusPathProps {
  readonly trace: SpanColumns;
  readonly focus: number;
  readonly onFocus: (id: string | undefined) => void;
}

/** A longer way is told by its ends. */
const mostSteps = 6;

/** The way from the whole trace down to the row whose subtree is looked at. */
export function FocusPath({ trace, focus, onFocus }: FocusPathProps): ReactElement {
  const way: number[] = [];
  for (let at = focus; at >= 0; at = trace.parents[at]!) way.unshift(at);
  const shown = way.length <= mostSteps ? way : [...way.slice(0, 2), ...way.slice(2 - mostSteps)];
  return (
    <nav className="focus-path" aria-label="Part of the trace">
      <ol>
        <li>
          <button type="button" className="quiet" onClick={() => onFocus(undefined)}>
            Whole trace
          </button>
        </li>
        {shown.map((row, at) => (
          <li key={row}>
            <Icon name="right" size={10} />
            {at === 2 && shown.length < way.length && <span className="muted">… </span>}
            {row === focus ? (
              <b aria-current="location">{labelOf(trace, row).name}</b>
            ) : (
              <button type="button" className="quiet" onClick={() => onFocus(trace.ids.at(row))}>
                {labelOf(trace, row).name}
              </button>
            )}
          </li>
        ))}
      </ol>
    </nav>
  );
}
