import { useCallback, useEffect, useRef, useState } from "react";
import { layoutMap } from "./layout-map.ts";
import type { LayoutAnswer, LayoutQuestion } from "./layout-map-worker.ts";
import type { MapLayout } from "./map-layout.ts";
import { emptyMap, type MapView } from "./map-view.ts";
import { layoutInput } from "./node-box.ts";

/** Maps up to here are laid out at once, larger ones in a worker. */
const mostAtOnce = 50;

/** What is on the map: a view with the places for all of it. */
export interface Shown {
  readonly view: MapView;
  readonly layout: MapLayout;
}

export interface Layouting {
  readonly shown: Shown;
  /** Forgets where things stand and lays all out afresh. */
  readonly tidy: () => void;
}

const nothing: MapLayout = { places: new Map(), routes: new Map(), frames: new Map() };
export const nothingShown: Shown = { view: emptyMap, layout: nothing };

/** Where things stood when a map was last looked at: who comes back to it finds them there. */
export interface LayoutMemory {
  layout?: MapLayout;
}

/** Places for a view, that stay as they are while it changes. Until there are some, the view of before is shown. */
export function useLayout(view: MapView, memory: LayoutMemory): Layouting {
  const [shown, setShown] = useState(() => {
    const known = memory.layout;
    return { view, layout: known !== undefined && isPlaced(view, known) ? known : nothing };
  });
  const asked = useRef(0);
  const worker = useRef<Worker>(undefined);
  const latest = useRef(view);

  const arrange = useCallback(
    (next: MapView, isFresh: boolean) => {
      latest.current = next;
      asked.current += 1;
      const before = isFresh ? undefined : memory.layout;
      if (before !== undefined && isPlaced(next, before)) {
        setShown({ view: next, layout: before });
        return;
      }
      const input = layoutInput(next);
      if (next.nodes.length <= mostAtOnce) {
        memory.layout = layoutMap(input, before);
        setShown({ view: next, layout: memory.layout });
        return;
      }
      worker.current!.postMessage({ number: asked.current, input, before } satisfies LayoutQuestion);
    },
    [memory],
  );

  useEffect(() => {
    // While the graph is being asked for, so that nobody waits for the worker to start.
    const opened = openWorker((answer) => {
      if (answer.number !== asked.current) return;
      memory.layout = answer.layout;
      setShown({ view: latest.current, layout: answer.layout });
    });
    worker.current = opened;
    return () => opened.terminate();
  }, [memory]);
  useEffect(() => arrange(view, false), [arrange, view]);
  return { shown, tidy: () => arrange(view, true) };
}

function isPlaced(view: MapView, { places, routes }: MapLayout): boolean {
  return view.nodes.every(({ key }) => places.has(key)) && view.edges.every(({ key }) => routes.has(key));
}

function openWorker(onAnswer: (answer: LayoutAnswer) => void): Worker {
  const worker = new Worker(new URL("./layout-map-worker.ts", import.meta.url), { type: "module" });
  worker.onmessage = ({ data }: MessageEvent<LayoutAnswer>) => onAnswer(data);
  return worker;
}
