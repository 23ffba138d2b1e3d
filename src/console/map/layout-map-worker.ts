import { layoutMap } from "./layout-map.ts";
import type { LayoutInput, MapLayout } from "./map-layout.ts";

/** What `useLayout` asks: a large map is laid out here, where nobody waits for it. */
export interface LayoutQuestion {
  readonly number: number;
  readonly input: LayoutInput;
  readonly before: MapLayout | undefined;
}

export interface LayoutAnswer {
  readonly number: number;
  readonly layout: MapLayout;
}

self.onmessage = ({ data }: MessageEvent<LayoutQuestion>) => {
  const answer: LayoutAnswer = { number: data.number, layout: layoutMap(data.input, data.before) };
  self.postMessage(answer);
};
