import { type ReactElement, useEffect, useRef } from "react";
import type { Completion } from "../../filter/complete.ts";

export interface CompletionListProps {
  readonly id: string;
  readonly optionId: (index: number) => string;
  readonly proposals: readonly Completion[];
  readonly chosen: number;
  readonly onTake: (proposal: Completion) => void;
}

/** What could stand at the cursor. Focus stays in the field; the arrow keys move there. */
export function CompletionList({ id, optionId, proposals, chosen, onTake }: CompletionListProps): ReactElement {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.children[chosen]?.scrollIntoView({ block: "nearest" });
  }, [chosen]);
  return (
    <div
      id={id}
      ref={list}
      role="listbox"
      aria-label="Completions"
      className="completions"
      hidden={proposals.length === 0}
    >
      {proposals.map((proposal, index) => (
        <div
          key={`${proposal.kind} ${proposal.text} ${proposal.detail ?? ""}`}
          id={optionId(index)}
          role="option"
          tabIndex={-1}
          aria-selected={index === chosen}
          // Before the field loses its focus.
          onPointerDown={(event) => {
            event.preventDefault();
            onTake(proposal);
          }}
        >
          <code>{proposal.label}</code>
          <span className="muted">{proposal.detail ?? kinds[proposal.kind]}</span>
        </div>
      ))}
    </div>
  );
}

const kinds: Readonly<Record<Completion["kind"], string>> = {
  keyword: "keyword",
  operator: "operator",
  node: "service",
  annotation: "annotation",
  value: "value",
  symbol: "",
};
