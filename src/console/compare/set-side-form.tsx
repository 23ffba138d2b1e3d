import { type FormEvent, type ReactElement, useId, useState } from "react";
import { Link } from "wouter";
import { useView } from "../address/use-view.ts";
import { pageAddress } from "../address/view-address.ts";
import { checkFilter } from "../filter-bar/check-filter.ts";
import { SpanPicker } from "../filter-bar/span-picker.tsx";
import type { SetSide } from "./compare-address.ts";

export interface SetSideFormProps {
  readonly name: "A" | "B";
  readonly side: SetSide;
  readonly onChange: (side: SetSide) => void;
}

/** Which traces are in a set: a filter and a time. */
export function SetSideForm({ name, side, onChange }: SetSideFormProps): ReactElement {
  const { view } = useView();
  const [text, setText] = useState(side.filter);
  const [applied, setApplied] = useState(side.filter);
  const faultId = useId();
  if (applied !== side.filter) {
    setApplied(side.filter);
    setText(side.filter);
  }
  const fault = checkFilter(text);
  const apply = (event: FormEvent): void => {
    event.preventDefault();
    if (fault === undefined) onChange({ ...side, filter: text.trim() });
  };
  return (
    <section className="compare-side" aria-label={`Set ${name}`}>
      <header>
        <span className={`side-name side-${name.toLowerCase()}`} aria-hidden="true">
          {name}
        </span>
        <form onSubmit={apply}>
          <input
            value={text}
            onChange={(event) => setText(event.target.value)}
            onBlur={apply}
            placeholder="All traces; or a filter expression"
            aria-label={`Filter of set ${name}`}
            aria-invalid={fault !== undefined}
            aria-describedby={fault === undefined ? undefined : faultId}
            spellCheck={false}
            className="mono"
          />
        </form>
        <SpanPicker span={side.span} onPick={(span) => onChange({ ...side, span })} />
      </header>
      {fault !== undefined && (
        <p id={faultId} className="state-text fault">
          {fault.message}
        </p>
      )}
      <p>
        <Link href={pageAddress("/traces", view, { filter: side.filter, span: side.span })}>Its traces</Link>
      </p>
    </section>
  );
}
