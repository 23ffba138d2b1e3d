import { type KeyboardEvent, memo, type ReactElement, useCallback, useEffect, useMemo, useRef } from "react";
import { formatCount, formatDuration, formatRate, formatShare, plural } from "../ui/format.ts";
import { Icon } from "../ui/icon.tsx";
import { StateMark } from "../ui/state-mark.tsx";
import type { Figures } from "./figures.ts";
import { worstState } from "./health.ts";
import type { MapLayout } from "./map-layout.ts";
import type { MapEdge, MapNode, MapView } from "./map-view.ts";
import { typeLabel } from "./node-kind.ts";
import { type Direction, readingOrder, walkMap } from "./walk-map.ts";

export interface MapTwinProps {
  readonly view: MapView;
  readonly layout: MapLayout;
  readonly selected: string | undefined;
  /** Beside the picture the tables are for the keyboard and for screen readers alone. */
  readonly isUnseen: boolean;
  readonly onSelect: (key: string) => void;
  readonly onFocus: (key: string | undefined) => void;
  /** Opens and closes a group; absent where there are none. */
  readonly onTurn?: (key: string) => void;
}

const directions: Readonly<Record<string, Direction>> = {
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
  Home: "first",
  End: "last",
};

/** The map in words: all services and all calls with the figures that the picture shows. Arrow keys follow the calls. */
export function MapTwin({ view, layout, selected, isUnseen, onSelect, onFocus, onTurn }: MapTwinProps): ReactElement {
  const root = useRef<HTMLDivElement>(null);
  const order = useMemo(() => readingOrder(view, layout), [view, layout]);
  const byKey = new Map(view.nodes.map((node) => [node.key, node]));

  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    const from = event.target instanceof HTMLElement ? event.target.dataset.key : undefined;
    const direction = directions[event.key];
    if (from === undefined || direction === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const next = walkMap(view, layout, from, direction);
    if (next === undefined) return;
    root.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(next)}"]`)?.focus();
  };
  // The rows are told apart by their keys; what they do is the same for all, and stays the same.
  const actions = useRef({ onSelect, onFocus });
  useEffect(() => {
    actions.current = { onSelect, onFocus };
  });
  const select = useCallback((key: string) => actions.current.onSelect(key), []);
  const focus = useCallback((key: string | undefined) => {
    actions.current.onFocus(key);
  }, []);
  return (
    <div ref={root} className={isUnseen ? "map-twin unseen" : "map-twin"}>
      {view.groups.some(({ isOpen }) => isOpen) && (
        <ul className="chips" aria-label="Open groups">
          {view.groups
            .filter(({ isOpen }) => isOpen)
            .map(({ key, label, members }) => (
              <li key={key}>
                <button type="button" className="chip" aria-expanded onClick={() => onTurn?.(key)}>
                  {label} ({members.length})
                </button>
              </li>
            ))}
        </ul>
      )}
      <table className="figures" aria-label="Services" onKeyDown={onKeyDown}>
        <thead>
          <tr>
            <th scope="col">Service</th>
            <th scope="col">Type</th>
            <FigureHeads />
          </tr>
        </thead>
        <tbody>
          {order.map((key) => (
            <NodeRow key={key} node={byKey.get(key)!} isSelected={key === selected} onSelect={select} onFocus={focus} />
          ))}
        </tbody>
      </table>
      <table className="figures" aria-label="Calls">
        <thead>
          <tr>
            <th scope="col">Call from</th>
            <th scope="col">To</th>
            <FigureHeads />
          </tr>
        </thead>
        <tbody>
          {inOrder(view.edges, order).map((edge) => (
            <EdgeRow
              key={edge.key}
              edge={edge}
              from={nodeName(byKey.get(edge.from)!)}
              to={nodeName(byKey.get(edge.to)!)}
              isSelected={edge.key === selected}
              // Beside the picture the arrows lead along calls: Tab goes from service to service.
              isStop={!isUnseen}
              onSelect={select}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface RowProps {
  readonly isSelected: boolean;
  readonly onSelect: (key: string) => void;
}

const NodeRow = memo(function NodeRow(
  props: RowProps & { readonly node: MapNode; readonly onFocus: (key: string | undefined) => void },
): ReactElement {
  const { node, isSelected, onSelect, onFocus } = props;
  return (
    <tr aria-selected={isSelected}>
      <th scope="row">
        <button
          type="button"
          className="quiet"
          data-key={node.key}
          {...(node.members === undefined ? { "aria-pressed": isSelected } : { "aria-expanded": false })}
          onClick={() => onSelect(node.key)}
          onFocus={() => onFocus(node.key)}
          onBlur={() => onFocus(undefined)}
        >
          <Icon name={node.kind} size={14} />
          {nodeName(node)}
        </button>
      </th>
      <td className="muted">
        {node.members === undefined ? typeLabel(node.id) : `Group of ${plural(node.members, "service")}`}
        {node.isInferred && " (seen by its callers only)"}
      </td>
      <FigureCells figures={node.figures} />
    </tr>
  );
});

const EdgeRow = memo(function EdgeRow(
  props: RowProps & {
    readonly edge: MapEdge;
    readonly from: string;
    readonly to: string;
    /** Whether the Tab key stops here. */
    readonly isStop: boolean;
  },
): ReactElement {
  const { edge, from, to, isSelected, isStop, onSelect } = props;
  return (
    <tr aria-selected={isSelected}>
      <th scope="row">
        <button
          type="button"
          className="quiet"
          tabIndex={isStop ? 0 : -1}
          aria-pressed={isSelected}
          onClick={() => onSelect(edge.key)}
        >
          {from}
        </button>
      </th>
      <td>
        <span className="twin-to">
          <Icon name="arrow" size={12} />
          {to}
          {edge.isLink && <span className="muted">(link)</span>}
        </span>
      </td>
      <FigureCells figures={edge.figures} />
    </tr>
  );
});

/** What a node is called where its picture is not at hand. */
export function nodeName({ id, kind, part }: MapNode): string {
  if (kind === "client") return `Client of ${id.name}`;
  return part === undefined ? id.name : `${id.name}: ${part}`;
}

function inOrder(edges: readonly MapEdge[], order: readonly string[]): MapEdge[] {
  const place = new Map(order.map((key, at) => [key, at]));
  const at = (key: string): number => place.get(key) ?? order.length;
  return edges.toSorted((a, b) => at(a.from) - at(b.from) || at(a.to) - at(b.to));
}

function FigureHeads(): ReactElement {
  return (
    <>
      {["Calls", "Rate", "p50", "p95", "p99", "Errors", "Throttles", "Faults"].map((head) => (
        <th key={head} scope="col" className="number">
          {head}
        </th>
      ))}
    </>
  );
}

function FigureCells({ figures }: { figures: Figures | undefined }): ReactElement {
  if (figures === undefined) return <td colSpan={8} className="muted number" />;
  const { state } = worstState(figures);
  return (
    <>
      <td className="number">{formatCount(figures.total)}</td>
      <td className="number">{formatRate(figures.perSecond)}</td>
      <td className="number">{formatDuration(figures.p50)}</td>
      <td className="number">{formatDuration(figures.p95)}</td>
      <td className="number">{formatDuration(figures.p99)}</td>
      {(["error", "throttle", "fault"] as const).map((each) => (
        <td key={each} className={figures[each] === 0 ? "number muted" : `number state-text ${each}`}>
          {each === state && <StateMark state={each} isSilent />} {formatShare(figures[each], figures.total)}
        </td>
      ))}
    </>
  );
}
