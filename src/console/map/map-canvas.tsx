import {
  type PointerEvent,
  type ReactElement,
  type RefObject,
  useEffect,
  useImperativeHandle,
  useMemo,
  useRef,
} from "react";
import type { ColourBy } from "../address/view-address.ts";
import { useTheme } from "../ui/theme.ts";
import { drawPng, drawSvg } from "./export-picture.ts";
import { reachOf } from "./lit-parts.ts";
import type { Percentile } from "./map-choices.ts";
import type { MapLayout, Point } from "./map-layout.ts";
import { MapPainter } from "./map-painter.ts";
import type { MapView } from "./map-view.ts";
import type { Sparks } from "./use-sparks.ts";

export interface MapCanvasProps {
  readonly view: MapView;
  readonly layout: MapLayout;
  readonly colour: ColourBy;
  readonly percentile?: Percentile;
  /** Keys of what is not dimmed; absent: the selection and its neighbours, or everything. */
  readonly lit?: ReadonlySet<string> | undefined;
  /** Calls over time of single services. */
  readonly sparks?: Sparks | undefined;
  readonly selected: string | undefined;
  /** The node that has the keyboard's focus, which is in the tables beside the picture. */
  readonly focused: string | undefined;
  readonly onSelect: (key: string | undefined) => void;
  /** Called when someone has put a node elsewhere; where it is absent, nodes stay where they are. */
  readonly onPin?: (key: string, place: Point) => void;
  readonly handle: RefObject<MapHandle | null>;
}

/** What a toolbar and keys do to the picture. */
export interface MapHandle {
  readonly fit: () => void;
  readonly zoom: (factor: number) => void;
  readonly reveal: (key: string) => void;
  /** The whole map as a picture of its own; `undefined` while there is none. */
  readonly svg: () => string | undefined;
  readonly png: () => Promise<Blob | undefined>;
}

/** A pointer that moved no further has clicked. */
const clickReach = 4;

/** A node that is being dragged: where it was taken hold of, and where it is. */
interface Drag {
  readonly key: string;
  readonly grip: Point;
  place?: Point;
}

/** The picture of the map: drag it or a node to move it, wheel or pinch to come nearer. All it shows is in the tables too. */
export function MapCanvas(props: MapCanvasProps): ReactElement {
  const { view, layout, colour, percentile = "p95", sparks, selected, focused, onSelect, onPin, handle } = props;
  const lit = useMemo(
    () => props.lit ?? (selected === undefined ? undefined : reachOf(view, selected, 1)),
    [props.lit, view, selected],
  );
  const canvas = useRef<HTMLCanvasElement>(null);
  const look = useTheme((theme) => theme.look);
  const painter = useRef<MapPainter>(undefined);

  useEffect(() => {
    const opened = new MapPainter(canvas.current!);
    painter.current = opened;
    return () => opened.close();
  }, []);
  useEffect(() => painter.current?.show({ view, layout, colour, percentile, lit, sparks, selected, focused }));
  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours come from the style sheet of the theme
  useEffect(() => painter.current?.readColours(), [look]);
  useEffect(() => painter.current?.changed(view), [view]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: shown again where it went when the map has changed
  useEffect(() => {
    if (focused !== undefined) painter.current?.reveal(focused);
  }, [focused, layout]);
  useImperativeHandle(handle, () => ({
    fit: () => painter.current?.fit(),
    zoom: (factor) => painter.current?.zoom(factor),
    reveal: (key) => painter.current?.reveal(key),
    svg: () => painter.current?.picture && drawSvg(painter.current.picture),
    png: async () => painter.current?.picture && drawPng(painter.current.picture),
  }));

  const pointers = useRef(new Map<number, Point>());
  const travelled = useRef(0);
  const drag = useRef<Drag>(undefined);
  const at = (event: { clientX: number; clientY: number }): Point => {
    const { left, top } = canvas.current!.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };
  const onPointerDown = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    canvas.current!.setPointerCapture(event.pointerId);
    pointers.current.set(event.pointerId, at(event));
    travelled.current = 0;
    // A second finger turns dragging into pinching.
    const key = onPin === undefined || pointers.current.size > 1 ? undefined : painter.current?.nodeAt(at(event));
    drag.current = key === undefined ? undefined : { key, grip: painter.current!.gripOf(key, at(event)) };
  };
  const onPointerMove = (event: PointerEvent): void => {
    const before = pointers.current.get(event.pointerId);
    const now = at(event);
    if (before === undefined) {
      painter.current?.hover(now);
      return;
    }
    pointers.current.set(event.pointerId, now);
    travelled.current += Math.hypot(now.x - before.x, now.y - before.y);
    const other = [...pointers.current].find(([id]) => id !== event.pointerId)?.[1];
    if (other !== undefined) painter.current?.pinch(before, now, other);
    else if (travelled.current <= clickReach) return;
    else if (drag.current !== undefined) {
      drag.current.place = painter.current!.drag(drag.current.key, now, drag.current.grip);
    } else painter.current?.move(now.x - before.x, now.y - before.y);
  };
  const onPointerUp = (event: PointerEvent): void => {
    const wasAlone = pointers.current.size === 1;
    const dragged = drag.current;
    pointers.current.delete(event.pointerId);
    drag.current = undefined;
    if (dragged?.place !== undefined) onPin?.(dragged.key, dragged.place);
    else if (wasAlone && travelled.current <= clickReach) onSelect(painter.current?.find(at(event)));
  };
  return (
    <div className="map-canvas" aria-hidden="true">
      <canvas
        ref={canvas}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={onPointerUp}
        onPointerCancel={(event) => {
          pointers.current.delete(event.pointerId);
          drag.current = undefined;
        }}
        onPointerLeave={() => painter.current?.hover(undefined)}
        onDoubleClick={(event) => painter.current?.zoom(1.6, at(event))}
      />
    </div>
  );
}
