import type { State } from "../../analysis/state-of.ts";

/** Line drawings on a grid of 16 by 16, drawn by the page and, on the map, by the canvas. */
export const iconPaths = {
  map: "M2.5 4.5h3v3h-3zM10.5 2.5h3v3h-3zM10.5 10.5h3v3h-3zM5.5 6h2.5v-2h2.5M8 6v6h2.5",
  traces: "M2.5 3.5h8M4.5 6.5h7M6.5 9.5h5M4.5 12.5h9",
  compare: "M3.5 3v10M12.5 3v10M6 5.5h4M6 8h2.5M6 10.5h4",
  services: "M2 12.5l3-4 2.5 2 3-5 3.5 2.5M2 3v10.5h12",
  insights: "M8 1.8a4.3 4.3 0 0 0-2.5 7.8c.6.5.8 1 .8 1.6h3.4c0-.6.2-1.1.8-1.6A4.3 4.3 0 0 0 8 1.8M6.5 13.8h3",
  settings:
    "M2 4.5h7M12.5 4.5H14M2 11.5h1.5M7 11.5h7M10.7 2.8a1.7 1.7 0 1 1 0 3.4 1.7 1.7 0 0 1 0-3.4M5.3 9.8a1.7 1.7 0 1 1 0 3.4 1.7 1.7 0 0 1 0-3.4",
  problems: "M8 2.2 14.3 13.2H1.7zM8 6.5v3.2M8 11.4v.1",
  setup: "M5.5 2v3.5M10.5 2v3.5M3.5 5.5h9v2.2a4.5 4.5 0 0 1-9 0zM8 12.2V14.5",
  sun: "M8 5.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6M8 1.3v1.5M8 13.2v1.5M1.3 8h1.5M13.2 8h1.5M3.3 3.3l1 1M11.7 11.7l1 1M3.3 12.7l1-1M11.7 4.3l1-1",
  moon: "M13.2 9.6A5.6 5.6 0 0 1 6.4 2.8a5.6 5.6 0 1 0 6.8 6.8",
  screen: "M2 3h12v8H2zM5.5 13.5h5M8 11v2.5",
  help: "M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8M6.2 6.2a1.8 1.8 0 1 1 2.6 1.7c-.6.3-.8.6-.8 1.2M8 11.2v.1",
  search: "M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9M10.3 10.3 14 14",
  close: "M3.5 3.5l9 9M12.5 3.5l-9 9",
  left: "M10 3.5 5.5 8 10 12.5",
  right: "M6 3.5 10.5 8 6 12.5",
  down: "M3.5 6 8 10.5 12.5 6",
  copy: "M5.5 5.5h8v8h-8zM3 10.5h-.5v-8h8V3",
  bin: "M2.5 4.5h11M6 4.5V2.5h4v2M4.2 4.5l.6 9h6.4l.6-9M6.8 7v4M9.2 7v4",
  check: "M3 8.5 6.5 12 13 4.5",
  plus: "M8 3v10M3 8h10",
  minus: "M3 8h10",
  fit: "M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10",
  tidy: "M3 2.5v11M6 4.5h7v2H6zM6 9.5h5v2H6z",
  table: "M2 3h12v10H2zM2 6.3h12M2 9.6h12M6 6.3V13",
  clock: "M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8M8 4.5V8l2.5 1.8",
  live: "M1.5 8H4l1.8-4.5 3.4 9L11 8h3.5",
  pause: "M5.5 3v10M10.5 3v10",
  arrow: "M3 8h10M9 4l4 4-4 4",
  up: "M8 13V3M4 7l4-4 4 4",
  menu: "M3 4.5h10M3 8h10M3 11.5h10",
  unfold: "M5 6l3-3 3 3M5 10l3 3 3-3",
  fold: "M5 3l3 3 3-3M5 13l3-3 3 3",
  play: "M5 3.2v9.6L12.5 8z",
  export: "M8 2v7.5M5 6.5l3 3 3-3M2.5 11v2.5h11V11",
  choices: "M2.5 4.5h5M10.5 4.5h3M2.5 11.5h2.5M8 11.5h5.5M9 3v3M6.5 10v3",
  // kinds of nodes
  group: "M2.5 6.5h7v7h-7zM4.5 6.5v-2h7v7h-2M6.5 4.5v-2h7v7h-2",
  client: "M8 2.3a2.6 2.6 0 1 0 0 5.2 2.6 2.6 0 0 0 0-5.2M3 13.7c.3-2.8 2.2-4.2 5-4.2s4.7 1.4 5 4.2",
  service: "M8 1.8 13.5 4.9v6.2L8 14.2 2.5 11.1V4.9zM2.7 5 8 8l5.3-3M8 8v6",
  function: "M4.5 13.5 8.3 6 7.4 3.8C7 2.8 6.3 2.5 5.3 2.5M8 7.5l2.3 5c.4.9 1 1.1 1.9.9",
  database:
    "M3 4c0-1 2.2-1.8 5-1.8s5 .8 5 1.8-2.2 1.8-5 1.8S3 5 3 4M3 4v8c0 1 2.2 1.8 5 1.8s5-.8 5-1.8V4M3 8c0 1 2.2 1.8 5 1.8s5-.8 5-1.8",
  queue: "M1.8 5h3.2v6H1.8zM6.4 5h3.2v6H6.4zM11 5h3.2v6H11z",
  storage:
    "M2.5 4.5 3.8 13c.1.6 8.3.6 8.4 0l1.3-8.5M2.5 4.5c0-1.2 2.5-2 5.5-2s5.5.8 5.5 2-2.5 1.9-5.5 1.9-5.5-.7-5.5-1.9",
  remote:
    "M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8M1.8 8h12.4M8 1.8c2 1.7 2.8 3.8 2.8 6.2S10 12.5 8 14.2M8 1.8C6 3.5 5.2 5.6 5.2 8S6 12.5 8 14.2",
  cloud: "M4.5 12.5a3 3 0 0 1-.3-6 4 4 0 0 1 7.7-.3 3.2 3.2 0 0 1 .1 6.3z",
} as const;

export type IconName = keyof typeof iconPaths;

export type { State };

/** The four states by shape: they differ without their colours, too. Filled. */
export const statePaths = {
  ok: "M8 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8z",
  error: "M8 2.5 14.5 13.5h-13z",
  throttle: "M4 3h3v10H4zM9 3h3v10H9z",
  fault: "M4.6 2.4 8 5.8l3.4-3.4 2.2 2.2L10.2 8l3.4 3.4-2.2 2.2L8 10.2l-3.4 3.4-2.2-2.2L5.8 8 2.4 4.6z",
} as const satisfies Record<State, string>;
