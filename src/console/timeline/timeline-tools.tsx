import type { ReactElement, RefObject } from "react";
import type { SpanColumns } from "../../analysis/span-columns.ts";
import { plural } from "../ui/format.ts";
import { Icon } from "../ui/icon.tsx";
import { Popover } from "../ui/popover.tsx";
import { serviceColour } from "../ui/service-colour.ts";
import type { TimelineView } from "./timeline-view.ts";
import type { Folding } from "./use-folding.ts";

export interface TimelineToolsProps {
  readonly trace: SpanColumns;
  readonly view: TimelineView;
  readonly onView: (change: Partial<TimelineView>) => void;
  readonly folding: Folding;
  readonly field: RefObject<HTMLInputElement | null>;
  readonly find: string;
  readonly onFind: (text: string) => void;
  readonly found: readonly number[];
  readonly isSearching: boolean;
  /** Index in `found` of the row that the keyboard is on; -1 when it is on another. */
  readonly at: number;
  readonly onStep: (by: 1 | -1) => void;
  /** How many rows pass the filters; `undefined` when there are none. */
  readonly passing: number | undefined;
}

const shortest: readonly number[] = [0, 1, 5, 10, 50, 100, 500, 1_000, 10_000];

/** What is looked for in a trace, and which of its rows are seen. */
export function TimelineTools(props: TimelineToolsProps): ReactElement {
  const { trace, view, onView, folding, field, find, onFind, found, isSearching, at, onStep, passing } = props;
  const isFinding = find.trim() !== "";
  const durations = shortest.includes(view.minMs) ? shortest : [...shortest, view.minMs].sort((a, b) => a - b);
  return (
    <div className="timeline-tools">
      <label className="find">
        <Icon name="search" size={14} />
        <span className="unseen">Search in this trace</span>
        <input
          ref={field}
          type="search"
          placeholder="Search all fields"
          value={find}
          onChange={(event) => onFind(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter") onStep(event.shiftKey ? -1 : 1);
            if (event.key === "Escape") field.current?.blur();
          }}
        />
      </label>
      <span className="muted tabular find-count" role="status">
        {isFinding && !(isSearching && found.length === 0) && matchText(found.length, at)}
        {!isFinding && passing !== undefined && `${plural(passing, "row")} of ${trace.count.toLocaleString("en")}`}
      </span>
      {isFinding && (
        <span className="segmented find-steps">
          <button type="button" className="icon-only" aria-label="Previous match" title="N" onClick={() => onStep(-1)}>
            <Icon name="up" size={13} />
          </button>
          <button
            type="button"
            className="icon-only turned"
            aria-label="Next match"
            title="n"
            onClick={() => onStep(1)}
          >
            <Icon name="up" size={13} />
          </button>
        </span>
      )}
      {isFinding && (
        <Pill isOn={view.onlyMatches} onToggle={(onlyMatches) => onView({ onlyMatches })} title="m">
          Only matches
        </Pill>
      )}
      <span className="spacer" />
      <Pill isOn={view.showsPath} onToggle={(showsPath) => onView({ showsPath })} title="c">
        Critical path
      </Pill>
      <Pill isOn={view.onlyFailed} onToggle={(onlyFailed) => onView({ onlyFailed })}>
        Failed
      </Pill>
      <label className="pick">
        <span className="unseen">Shortest duration</span>
        <select value={view.minMs} onChange={(event) => onView({ minMs: Number(event.target.value) })}>
          {durations.map((ms) => (
            <option key={ms} value={ms}>
              {ms === 0 ? "Any duration" : ms < 1_000 ? `≥ ${ms} ms` : `≥ ${ms / 1_000} s`}
            </option>
          ))}
        </select>
      </label>
      <ServicePicker trace={trace} chosen={view.services} onChoose={(services) => onView({ services })} />
      <button type="button" className="quiet" onClick={folding.foldAll} title="Fold all">
        <Icon name="fold" size={14} /> <span className="label">Fold</span>
      </button>
      <button type="button" className="quiet" onClick={folding.unfoldAll} title="Unfold all">
        <Icon name="unfold" size={14} /> <span className="label">Unfold</span>
      </button>
    </div>
  );
}

function matchText(count: number, at: number): string {
  return at >= 0 ? `${at + 1} of ${count}` : plural(count, "match", "matches");
}

function Pill(props: {
  isOn: boolean;
  onToggle: (isOn: boolean) => void;
  title?: string;
  children: string;
}): ReactElement {
  return (
    <button
      type="button"
      className="chip"
      aria-pressed={props.isOn}
      title={props.title && `${props.children} (${props.title})`}
      onClick={() => props.onToggle(!props.isOn)}
    >
      {props.children}
    </button>
  );
}

interface ServicePickerProps {
  readonly trace: SpanColumns;
  readonly chosen: readonly string[];
  readonly onChoose: (services: readonly string[]) => void;
}

/** A list of more services is shortened. */
const mostServices = 100;

function ServicePicker({ trace, chosen, onChoose }: ServicePickerProps): ReactElement {
  const label = chosen.length === 0 ? "All services" : plural(chosen.length, "service");
  return (
    <Popover label={`Services: ${label}`} button={label}>
      {() => (
        <fieldset className="service-picker">
          <legend className="unseen">Services whose rows are seen</legend>
          {trace.services.slice(0, mostServices).map((name) => (
            <label key={name}>
              <input
                type="checkbox"
                checked={chosen.includes(name)}
                onChange={({ target }) =>
                  onChoose(target.checked ? [...chosen, name] : chosen.filter((each) => each !== name))
                }
              />
              <i className="swatch" style={{ color: serviceColour(name) }} />
              <span>{name}</span>
            </label>
          ))}
          <button type="button" className="quiet" disabled={chosen.length === 0} onClick={() => onChoose([])}>
            All services
          </button>
        </fieldset>
      )}
    </Popover>
  );
}
