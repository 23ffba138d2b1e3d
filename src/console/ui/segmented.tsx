import type { ReactElement } from "react";

export interface SegmentedProps<Id extends string> {
  readonly label: string;
  readonly choices: readonly { readonly id: Id; readonly label: string; readonly hint?: string }[];
  readonly chosen: Id;
  readonly onChoose: (id: Id) => void;
}

/** A few choices side by side, of which one holds. */
export function Segmented<Id extends string>(props: SegmentedProps<Id>): ReactElement {
  const { label, choices, chosen, onChoose } = props;
  return (
    <fieldset className="segmented" aria-label={label}>
      {choices.map(({ id, label: text, hint }) => (
        <button key={id} type="button" aria-pressed={id === chosen} title={hint} onClick={() => onChoose(id)}>
          {text}
        </button>
      ))}
    </fieldset>
  );
}
