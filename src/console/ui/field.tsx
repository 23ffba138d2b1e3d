import type { ReactElement, ReactNode } from "react";

/** A field of a form under its name, with what there is to know about it. */
export function Field(props: { label: string; hint?: string; children: ReactNode }): ReactElement {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is among the children
    <label className="field">
      <span>
        {props.label}
        {props.hint !== undefined && <span className="muted"> · {props.hint}</span>}
      </span>
      {props.children}
    </label>
  );
}
