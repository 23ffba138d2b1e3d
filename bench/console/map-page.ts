// Bars 12 to 17 of the map: how long it takes to lay out, to draw and to move, how steady it is, how many calls cross, how
// soon what is sent is seen. A real browser against the built program.
// Run: npm run build && node --import tsx bench/console/map-page.ts [layout|draw|steady|live]
import type { Browser, Page } from "playwright-core";
import { layoutMap } from "../../src/console/map/layout-map.ts";
import { newSegmentId } from "../../src/xray/segment-id.ts";
import { newTraceId } from "../../src/xray/trace-id.ts";
import { openChromium, openPage } from "../../test/e2e/console-browser.ts";
import { aSystem } from "../../test/e2e/map-systems.ts";
import { countCrossings, peerCrossings, seedsFor, tieredGraph } from "../../test/fixtures/tiered-graphs.ts";
import { type BuiltServer, putDocuments, startBuiltServer } from "./built-server.ts";
import { printFigure } from "./figures.ts";

const rounds = 5;
const layoutLimits: Readonly<Record<number, number>> = { 50: 25, 300: 60, 500: 100, 1000: 300 };
const leastFrames: Readonly<Record<number, number>> = { 300: 50, 1000: 30 };
const wants = (part: string): boolean => process.argv[2] === undefined || process.argv[2] === part;

if (wants("layout")) measureLayout();
if (wants("steady")) measureSteadiness();
if (wants("draw") || wants("live")) {
  const browser = await openChromium();
  try {
    if (wants("draw")) for (const count of [50, 300, 500, 1_000]) await measureDrawing(browser, count);
    if (wants("live")) await measureLive(browser);
  } finally {
    await browser.close();
  }
}

/** Bars 12 and 16. The same graph is laid out the same way each time: only times vary. */
function measureLayout(): void {
  for (const count of [...peerCrossings.map((each) => each.count), 1_000]) {
    const times: number[] = [];
    let crossings = 0;
    const seeds = seedsFor(count);
    for (let seed = 1; seed <= seeds; seed += 1) {
      const input = tieredGraph(count, seed);
      for (let round = 0; round < rounds; round += 1) {
        const from = process.cpuUsage();
        const layout = layoutMap(input);
        times.push(process.cpuUsage(from).user / 1000);
        if (round === 0) crossings += countCrossings(input, layout.places) / seeds;
      }
    }
    const peers = peerCrossings.find((each) => each.count === count);
    // CPU time: what else the machine does is not the layout's.
    printFigure({ bar: 12, what: `${count} services laid out, CPU`, values: times, limit: layoutLimits[count] });
    if (peers === undefined) continue;
    const limit = Math.min(peers.dagre, count <= 100 ? 1.25 * peers.dot : Number.POSITIVE_INFINITY);
    const what = `… calls that cross (dagre ${peers.dagre}, dot ${peers.dot})`;
    printFigure({ bar: 16, what, values: [crossings], limit: Number(limit.toFixed(1)), unit: "" });
  }
}

/** Bar 15: how many of a hundred services move when one comes along. */
function measureSteadiness(): void {
  let moved = 0;
  let asked = 0;
  for (let seed = 1; seed <= 8; seed += 1) {
    const input = tieredGraph(100, seed);
    const before = layoutMap(input);
    for (const caller of input.nodes.filter((_, at) => at % 10 === 0)) {
      const late = { ...input.nodes[0]!, key: "late" };
      const edges = [...input.edges, { key: "to late", from: caller.key, to: "late" }];
      const after = layoutMap({ nodes: [...input.nodes, late], edges }, before);
      for (const [key, place] of before.places) {
        const now = after.places.get(key)!;
        asked += 1;
        if (now.x !== place.x || now.y !== place.y) moved += 1;
      }
    }
  }
  const what = `places changed by one service more, of ${asked}`;
  printFigure({ bar: 15, what, values: [(100 * moved) / asked], limit: 5, unit: "%" });
}

/** Bars 13 and 14. */
async function measureDrawing(browser: Browser, count: number): Promise<void> {
  const server = await startBuiltServer();
  try {
    await putDocuments(
      server.origin,
      aSystem(count).map((document) => JSON.stringify(document)),
    );
    for (const grouping of count > 150 ? ["none", "auto"] : ["none"])
      await measureMap(browser, server, count, grouping);
  } finally {
    await server.close();
  }
}

async function measureMap(browser: Browser, { origin }: BuiltServer, count: number, grouping: string): Promise<void> {
  const drawn: number[] = [];
  const panned: number[] = [];
  const dragged: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const { page } = await openPage(browser, origin);
    await page.goto(`${origin}/map${grouping === "auto" ? "" : `?group=${grouping}`}`);
    const pixelsMs = await untilPainted(page);
    drawn.push(pixelsMs - (await answeredMs(page)));
    panned.push(await framesPerSecond(page));
    await page.getByRole("button", { name: "Show all" }).click();
    for (let step = 0; step < 3; step += 1) await page.getByRole("button", { name: "Nearer" }).click();
    dragged.push(await framesPerSecond(page));
    await page.context().close();
  }
  const name = `map of ${count}${grouping === "auto" ? ", in groups" : ""}`;
  const frames = { bar: 14, unit: "fps", isFloor: true, limit: leastFrames[count] };
  printFigure({ bar: 13, what: `${name}: answer to pixels`, values: drawn, ...(count === 300 && { limit: 400 }) });
  printFigure({ ...frames, what: `${name}: pan`, values: panned });
  printFigure({ ...frames, what: `${name}: pan, three steps nearer`, values: dragged });
}

/** Bar 17: a service that nobody knew, from sending its first segment to its row beside the map. */
async function measureLive(browser: Browser): Promise<void> {
  const server = await startBuiltServer();
  try {
    const segment = (name: string): string => {
      const end = Date.now() / 1000;
      return JSON.stringify({
        ...{ trace_id: newTraceId(Date.now()), id: newSegmentId(), name },
        ...{ start_time: end - 0.1, end_time: end },
      });
    };
    await putDocuments(server.origin, [segment("first")]);
    const { page } = await openPage(browser, server.origin);
    await page.goto(`${server.origin}/map`);
    await page.getByRole("row", { name: "first Service" }).waitFor({ state: "attached" });
    const seen: number[] = [];
    for (let round = 0; round < 20; round += 1) {
      await page.waitForTimeout(1_300);
      const from = performance.now();
      await putDocuments(server.origin, [segment(`late-${round}`)]);
      await page.getByRole("row", { name: `late-${round} Service` }).waitFor({ state: "attached" });
      seen.push(performance.now() - from);
    }
    printFigure({ bar: 17, what: "segment sent to seen on the map, p95", share: 0.95, values: seen, limit: 1_000 });
    await page.context().close();
  } finally {
    await server.close();
  }
}

/** Milliseconds after the page began until something stands on the map's middle line. */
function untilPainted(page: Page): Promise<number> {
  return page.evaluate(async () => {
    for (;;) {
      await new Promise(requestAnimationFrame);
      const canvas = document.querySelector<HTMLCanvasElement>(".map-canvas canvas");
      if (canvas === null || canvas.width === 0) continue;
      const { data } = canvas.getContext("2d")!.getImageData(0, canvas.height / 2, canvas.width, 1);
      if (data.some((each) => each !== 0)) return performance.now();
    }
  });
}

/** When the first graph was there. */
function answeredMs(page: Page): Promise<number> {
  return page.evaluate(() => {
    const [first] = performance.getEntriesByType("resource").filter((entry) => entry.name.endsWith("/ServiceGraph"));
    return (first as PerformanceResourceTiming).responseEnd;
  });
}

/** How many pictures a second there are while the map is moved, from a place where nothing can be taken hold of. */
async function framesPerSecond(page: Page): Promise<number> {
  return page.locator(".map-canvas canvas").evaluate(async (canvas) => {
    const { left, top, width, height } = canvas.getBoundingClientRect();
    const pointer = { bubbles: true, pointerId: 1, button: 0 };
    // Made up here: a real pointer is needed to be captured.
    Object.assign(canvas, { setPointerCapture: Boolean });
    canvas.dispatchEvent(new PointerEvent("pointerdown", { ...pointer, clientX: left + 2, clientY: top + height - 2 }));
    const from = performance.now();
    let frames = 0;
    while (performance.now() - from < 1_500) {
      await new Promise(requestAnimationFrame);
      frames += 1;
      const turn = frames / 12;
      const clientX = left + width / 2 + Math.cos(turn) * 200;
      const clientY = top + height / 2 + Math.sin(turn) * 150;
      canvas.dispatchEvent(new PointerEvent("pointermove", { ...pointer, clientX, clientY }));
    }
    const perSecond = (frames * 1000) / (performance.now() - from);
    canvas.dispatchEvent(new PointerEvent("pointerup", pointer));
    return perSecond;
  });
}
