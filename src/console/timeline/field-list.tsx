import type { ReactElement, ReactNode } from "react";

/** Names and values; what has no value is left out. */
export function FieldList(props: {
  readonly fields: readonly (readonly [name: string, value: ReactNode])[];
}): ReactElement {
  return (
    <dl className="fields">
      {props.fields.map(
        ([name, value]) =>
          value !== undefined &&
          value !== "" && (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}
