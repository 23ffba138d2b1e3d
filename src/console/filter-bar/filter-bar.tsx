import { useQueryClient } from "@tanstack/react-query";
import { type KeyboardEvent, type ReactElement, useEffect, useId, useLayoutEffect, useRef, useState } from "react";
import { type Completion, complete } from "../../filter/complete.ts";
import type { TimeSpan } from "../address/time-span.ts";
import { Icon } from "../ui/icon.tsx";
import { checkFilter, type FilterFault, isUnfinished } from "./check-filter.ts";
import { CompletionList } from "./completion-list.tsx";
import { readCompletionData } from "./read-completion-data.ts";
import { useKnownData } from "./use-known-data.ts";
import { type WantedValues, wantedValues } from "./wanted-values.ts";

export interface FilterBarProps {
  readonly filter: string;
  /** The time whose data is completed from. */
  readonly span: TimeSpan;
  readonly onApply: (filter: string) => void;
}

/** How long a wrong expression is left alone while it is being typed. */
const patienceMs = 500;

/** The one expression that decides what map, list and live stream show. */
export function FilterBar({ filter, span, onApply }: FilterBarProps): ReactElement {
  const client = useQueryClient();
  const [text, setText] = useState(filter);
  const [applied, setApplied] = useState(filter);
  const [proposals, setProposals] = useState<readonly Completion[]>([]);
  const [chosen, setChosen] = useState(-1);
  const [fault, setFault] = useState<FilterFault | undefined>(() => checkFilter(filter));
  const [scrolled, setScrolled] = useState(0);
  const [wantedCursor, setWantedCursor] = useState<number>();
  const [place, setPlace] = useState<{ text: string; cursor: number; wanted: WantedValues | undefined }>();
  const known = useKnownData(place !== undefined, place?.wanted, span);
  const input = useRef<HTMLInputElement>(null);
  const listId = useId();
  const faultId = useId();

  // The address may change without us: by a link, or by going back.
  if (filter !== applied) {
    setApplied(filter);
    setText(filter);
    setFault(checkFilter(filter));
  }

  useLayoutEffect(() => {
    if (wantedCursor === undefined) return;
    input.current?.focus();
    input.current?.setSelectionRange(wantedCursor, wantedCursor);
    setWantedCursor(undefined);
  }, [wantedCursor]);

  useEffect(() => {
    const found = checkFilter(text);
    if (found === undefined || isUnfinished(text, found)) {
      // What Enter has found stays until it is mended.
      setFault((shown) => (shown?.message === found?.message ? shown : undefined));
      return;
    }
    const timer = setTimeout(() => setFault(found), patienceMs);
    return () => clearTimeout(timer);
  }, [text]);

  const propose = (next: string, cursor: number): void => {
    setPlace({ text: next, cursor, wanted: wantedValues(next, cursor) });
    const found = complete(next, cursor, readCompletionData(client, known)).slice(0, 60);
    const first = found[0];
    const typed = first === undefined ? "" : next.slice(first.from, cursor);
    const isComplete = first !== undefined && found.some((each) => each.text === typed || each.label === typed);
    setProposals(found);
    // Enter takes the first proposal while a word is being typed, and applies the filter otherwise.
    setChosen(typed !== "" && !isComplete ? 0 : -1);
  };

  // What was asked for has come: it may be what the list lacks.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when something has come
  useEffect(() => {
    if (place === undefined) return;
    const found = complete(place.text, place.cursor, readCompletionData(client, known)).slice(0, 60);
    if (found.length !== proposals.length || found.some(({ text }, at) => text !== proposals[at]?.text)) {
      propose(place.text, place.cursor);
    }
  }, [known.facets, known.found?.values.join("\n"), known.groups.length]);

  const close = (): void => {
    setPlace(undefined);
    setProposals([]);
    setChosen(-1);
  };

  const take = ({ from, to, text: inserted, kind }: Completion): void => {
    const isOpen = /[(.:\s]$/.test(inserted) || kind === "node" || kind === "symbol";
    const addition = isOpen || text[to] === " " ? inserted : `${inserted} `;
    const next = text.slice(0, from) + addition + text.slice(to);
    const cursor = from + addition.length;
    setText(next);
    // Behind what was inserted, before the next key arrives.
    setWantedCursor(cursor);
    propose(next, cursor);
  };

  const apply = (): void => {
    const found = checkFilter(text);
    setFault(found);
    close();
    if (found === undefined) onApply(text.trim());
    else input.current?.setSelectionRange(found.at, found.at + 1);
  };

  const clear = (): void => {
    setText("");
    setFault(undefined);
    onApply("");
    input.current?.focus();
  };

  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    const count = proposals.length;
    const proposal = proposals[chosen];
    if (event.key === "ArrowDown" && count === 0) propose(text, event.currentTarget.selectionStart ?? text.length);
    else if (event.key === "ArrowDown") setChosen((chosen + 1) % count);
    else if (event.key === "ArrowUp" && count > 0) setChosen((chosen <= 0 ? count : chosen) - 1);
    else if ((event.key === "Enter" || event.key === "Tab") && proposal !== undefined) take(proposal);
    else if (event.key === "Enter") apply();
    else if (event.key === "Escape" && count > 0) close();
    else if (event.key === "Escape") input.current?.blur();
    else return;
    event.preventDefault();
  };

  const optionId = (index: number): string => `${listId}-${index}`;
  return (
    <search className="filter-bar">
      <div className={fault === undefined ? "filter-field" : "filter-field wrong"}>
        <Icon name="search" />
        <input
          ref={input}
          id="filter"
          type="text"
          role="combobox"
          aria-label="Filter expression"
          aria-expanded={proposals.length > 0}
          aria-controls={listId}
          aria-autocomplete="list"
          aria-activedescendant={chosen >= 0 ? optionId(chosen) : undefined}
          aria-invalid={fault !== undefined}
          aria-describedby={fault === undefined ? undefined : faultId}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          placeholder='Filter: service("orders") { fault } AND responsetime > 0.5'
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            propose(event.target.value, event.target.selectionStart ?? event.target.value.length);
          }}
          onFocus={(event) => text === "" && propose("", event.target.selectionStart ?? 0)}
          onClick={(event) => propose(text, event.currentTarget.selectionStart ?? text.length)}
          onBlur={close}
          onKeyDown={onKeyDown}
          onScroll={(event) => setScrolled(event.currentTarget.scrollLeft)}
        />
        {text !== filter && (
          <button type="button" className="quiet small" onClick={apply}>
            Apply <kbd>↵</kbd>
          </button>
        )}
        {text !== "" && (
          <button type="button" className="quiet icon-only small" aria-label="Clear the filter" onClick={clear}>
            <Icon name="close" size={14} />
          </button>
        )}
      </div>
      <CompletionList id={listId} optionId={optionId} proposals={proposals} chosen={chosen} onTake={take} />
      <div id={faultId} className="filter-fault" role="alert" hidden={fault === undefined || proposals.length > 0}>
        {fault !== undefined && (
          <>
            <span
              className="filter-pointer"
              data-at={fault.at}
              style={{ marginLeft: `max(0px, calc(${fault.at}ch - ${scrolled}px))` }}
            >
              ▲
            </span>
            <p>{fault.message}</p>
          </>
        )}
      </div>
    </search>
  );
}
