import { useCallback, useEffect, useRef, useState } from "react";
import { layoutMap } from "./layout-map.ts";
import type { LayoutAnswer, LayoutQuestion } from "./layout-map-worker.ts";
import type { MapLayout } from "./map-layout.ts";
import type { MapView } from "./map-view.ts";
import { layoutInput } from "./node-box.ts";

/** Maps up to here are laid out at once, larger ones in a worker. */
const mostAtOnce = 50;

export interface Layouting {
  /** What is on the map now: a view with the places for all of it. */
  readonly shown: { readonly view: MapView; readonly layout: MapLayout };
  /** Forgets where things stand and lays all out afresh. */
  readonly tidy: () => void;
}

const nothing: MapLayout = { places: new Map(), routes: new Map() };

/** Places for a view, that stay as they are while it changes. Until there are some, the view of before is shown. */
export function useLayout(view: MapView): Layouting {
  const [shown, setShown] = useState({ view, layout: nothing });
  const layout = useRef<MapLayout>(undefined);
  const asked = useRef(0);
  const worker = useRef<Worker>(undefined);
  const latest = useRef(view);

  const arrange = useCallback((next: MapView, isFresh: boolean) => {
    latest.current = next;
    asked.current += 1;
    const before = isFresh ? undefined : layout.current;
    if (before !== undefined && isPlaced(next, before)) {
      setShown({ view: next, layout: before });
      return;
    }
    const input = layoutInput(next);
    if (next.nodes.length <= mostAtOnce) {
      layout.current = layoutMap(input, before);
      setShown({ view: next, layout: layout.current });
      return;
    }
    worker.current ??= openWorker((answer) => {
      if (answer.number !== asked.current) return;
      layout.current = answer.layout;
      setShown({ view: latest.current, layout: answer.layout });
    });
    worker.current.postMessage({ number: asked.current, input, before } satisfies LayoutQuestion);
  }, []);

  useEffect(() => arrange(view, false), [arrange, view]);
  useEffect(
    () => () => {
      worker.current?.terminate();
      worker.current = undefined;
    },
    [],
  );
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
