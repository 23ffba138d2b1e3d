// Bars 12 to 16 of the map: how long it takes to lay out, to draw and to move, how steady it is, how many calls cross.
// Run: npm run build && node --import tsx bench/console/map-page.ts [layout|draw|steady]
import type { Browser, Page } from "playwright-core";
import { layoutMap } from "../../src/console/map/layout-map.ts";
import type { Running } from "../../src/up.ts";
import { openChromium, openPage, startServer } from "../../test/e2e/console-browser.ts";
import { aSystem, putDocuments } from "../../test/e2e/map-systems.ts";
import { countCrossings, peerCrossings, seedsFor, tieredGraph } from "../../test/fixtures/tiered-graphs.ts";

const rounds = 5;
const wants = (part: string): boolean => process.argv[2] === undefined || process.argv[2] === part;

if (wants("layout")) measureLayout();
if (wants("steady")) measureSteadiness();
if (wants("draw")) {
  const browser = await openChromium();
  try {
    for (const count of [50, 300, 500, 1_000]) await measureDrawing(browser, count);
  } finally {
    await browser.close();
  }
}

/** Bars 12 and 16. The same graph is laid out the same way each time: only times vary. */
function measureLayout(): void {
  // CPU time: what else the machine does is not the layout's.
  console.log("services  calls  layout CPU ms (median)  crossings  dagre's  dot's");
  for (const count of [...peerCrossings.map((each) => each.count), 1_000]) {
    const times: number[] = [];
    let crossings = 0;
    let calls = 0;
    const seeds = seedsFor(count);
    for (let seed = 1; seed <= seeds; seed += 1) {
      const input = tieredGraph(count, seed);
      calls += input.edges.length / seeds;
      for (let round = 0; round < rounds; round += 1) {
        const from = process.cpuUsage();
        const layout = layoutMap(input);
        times.push(process.cpuUsage(from).user / 1000);
        if (round === 0) crossings += countCrossings(input, layout.places) / seeds;
      }
    }
    const peers = peerCrossings.find((each) => each.count === count);
    const row = [count, Math.round(calls), median(times).toFixed(1), crossings.toFixed(1)];
    console.log([...row, peers?.dagre ?? "–", peers?.dot ?? "–"].map((each) => String(each).padStart(8)).join("  "));
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
  console.log(`one more service among 100: ${moved} of ${asked} places changed`);
}

/** Bars 13 and 14. */
async function measureDrawing(browser: Browser, count: number): Promise<void> {
  const server = await startServer();
  try {
    await putDocuments(server.addresses.http, aSystem(count));
    for (const grouping of count > 150 ? ["none", "auto"] : ["none"])
      await measureMap(browser, server, count, grouping);
  } finally {
    await server.close();
  }
}

async function measureMap(browser: Browser, server: Running, count: number, grouping: string): Promise<void> {
  const { http } = server.addresses;
  const drawn: number[] = [];
  const panned: number[] = [];
  const dragged: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const { page } = await openPage(browser, http);
    await page.goto(`${http}/map${grouping === "auto" ? "" : `?group=${grouping}`}`);
    const pixelsMs = await untilPainted(page);
    drawn.push(pixelsMs - (await answeredMs(page)));
    panned.push(await framesPerSecond(page));
    await page.getByRole("button", { name: "Show all" }).click();
    for (let step = 0; step < 3; step += 1) await page.getByRole("button", { name: "Nearer" }).click();
    dragged.push(await framesPerSecond(page));
    await page.context().close();
  }
  const name = `map of ${count}${grouping === "auto" ? ", in groups" : ""}`;
  report(`${name}: graph answered to pixels`, drawn);
  report(`${name}: pan`, panned, "fps");
  report(`${name}: pan, three steps nearer`, dragged, "fps");
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

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

function report(name: string, values: readonly number[], unit = "ms"): void {
  const spread = `from ${Math.min(...values).toFixed(0)} to ${Math.max(...values).toFixed(0)}`;
  console.log(`${name.padEnd(48)} median ${median(values).toFixed(0)} ${unit}   ${spread}`);
}
