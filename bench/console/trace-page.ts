// The trace's page, bars 5 to 11: opening, bytes, folding, scrolling, searching, the critical path, memory. A real browser
// against the built program in a process of its own; each figure is the median of five, or of all, unless it says otherwise.
// Run: npm run build && node --import tsx bench/console/trace-page.ts [rows ...]
import type { Browser, Page } from "playwright-core";
import { newTraceId } from "../../src/xray/trace-id.ts";
import { openChromium, openPage } from "../../test/e2e/console-browser.ts";
import { aLargeTrace } from "../../test/fixtures/a-large-trace.ts";
import { putDocuments, startBuiltServer } from "./built-server.ts";
import { printFigure } from "./figures.ts";

const rounds = 5;
const sizes = process.argv.slice(2).map(Number);
const openLimits: Readonly<Record<number, number>> = { 1000: 250, 10000: 500, 50000: 1_500, 100000: 3_000 };

const browser = await openChromium();
try {
  for (const rows of sizes.length > 0 ? sizes : [1_000, 10_000, 50_000, 100_000]) await measure(browser, rows);
} finally {
  await browser.close();
}

async function measure(browser: Browser, rows: number): Promise<void> {
  const server = await startBuiltServer();
  const ids = Array.from({ length: rounds }, () => newTraceId(Date.now()));
  try {
    for (const id of ids)
      await putDocuments(server.origin, aLargeTrace(rows, { id, startSeconds: Date.now() / 1000 - 20 }));
    console.log(`a trace of ${rows} rows`);
    const { page } = await openPage(browser, server.origin);
    await page.goto(`${server.origin}/traces`);
    await page
      .locator("[data-id]")
      .nth(rounds - 1)
      .waitFor();
    const heapBefore = await heapOf(page);
    const opened: number[] = [];
    const paths: number[] = [];
    // Each of another trace: the server, too, sees it for the first time.
    for (const id of ids) {
      const times = await open(page, id);
      opened.push(times.rowsMs);
      paths.push(times.pathMs);
      if (id !== ids.at(-1)) await goBack(page);
    }
    printFigure({ bar: 5, what: "click to rows painted", values: opened, limit: openLimits[rows] });
    const isLargest = rows === 50_000;
    printFigure({
      ...{ bar: 6, what: "bytes to first paint", unit: "MB", values: [(await skeletonBytes(page)) / 1e6] },
      ...(isLargest && { limit: 2 }),
    });
    printFigure({
      bar: 7,
      what: "all folded or unfolded",
      values: await foldTimes(page),
      ...(isLargest && { limit: 50 }),
    });
    printFigure({
      ...{ bar: 8, what: "frame while scrolling 240 px a frame, p95", share: 0.95, values: await scrollFrames(page) },
      ...(isLargest && { limit: 34 }),
    });
    printFigure({
      bar: 9,
      what: "text to first match",
      values: await searchTimes(page),
      ...(isLargest && { limit: 200 }),
    });
    printFigure({
      bar: 10,
      what: "rows painted to critical path drawn",
      values: paths,
      ...(isLargest && { limit: 100 }),
    });
    printFigure({
      ...{ bar: 11, what: "heap with it open", unit: "MB", values: [await heapOf(page)] },
      ...(isLargest && { limit: 80 }),
    });
    await goBack(page);
    for (let round = 0; round < 20; round += 1) {
      await open(page, ids[round % ids.length]!);
      await goBack(page);
    }
    // Until nobody's data is thrown away.
    await page.waitForTimeout(15_000);
    const gained = (await heapOf(page)) - heapBefore;
    printFigure({
      bar: 11,
      what: "heap gained after closing 20",
      unit: "MB",
      values: [gained],
      ...(isLargest && { limit: 15 }),
    });
    await page.context().close();
  } finally {
    await server.close();
  }
}
interface Opened {
  /** From the click to rows on the screen. */
  readonly rowsMs: number;
  /** From then until the critical path is there. */
  readonly pathMs: number;
}

/** Clicks on a trace of the list. */
function open(page: Page, id: string): Promise<Opened> {
  return page.evaluate(async (to) => {
    const from = performance.now();
    document.querySelector<HTMLElement>(`[data-id="${to}"]`)!.click();
    // No functions with names: what compiles this file would name them for a module that is not in the page.
    while (document.querySelectorAll(".span-row").length < 10) await new Promise(requestAnimationFrame);
    await new Promise(requestAnimationFrame);
    const painted = performance.now();
    while (document.querySelector(".share-strip") === null) await new Promise(requestAnimationFrame);
    return { rowsMs: painted - from, pathMs: performance.now() - painted };
  }, id);
}

async function goBack(page: Page): Promise<void> {
  await page.evaluate(() => history.back());
  await page
    .locator("[data-id]")
    .nth(rounds - 1)
    .waitFor();
  // What the list asks for is not the next trace's to wait for.
  await page.waitForTimeout(500);
}

function skeletonBytes(page: Page): Promise<number> {
  return page.evaluate(() => {
    const asked = performance.getEntriesByType("resource").filter(({ name }) => name.endsWith("/skeleton"));
    return (asked[0] as PerformanceResourceTiming).encodedBodySize;
  });
}

async function foldTimes(page: Page): Promise<number[]> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    for (const title of ["Fold all", "Unfold all"]) {
      times.push(
        await page.evaluate(async (button) => {
          const grid = document.querySelector("[role=treegrid]")!;
          const before = grid.getAttribute("aria-rowcount");
          const from = performance.now();
          document.querySelector<HTMLElement>(`[title="${button}"]`)!.click();
          while (grid.getAttribute("aria-rowcount") === before) await new Promise((done) => setTimeout(done));
          return performance.now() - from;
        }, title),
      );
    }
  }
  return times;
}

function scrollFrames(page: Page): Promise<number[]> {
  return page.evaluate(async () => {
    const rows = document.querySelector(".waterfall-rows")!;
    const frames: number[] = [];
    let last = await new Promise<number>(requestAnimationFrame);
    for (let frame = 0; frame < 240; frame += 1) {
      rows.scrollTop += 240;
      const now = await new Promise<number>(requestAnimationFrame);
      frames.push(now - last);
      last = now;
    }
    rows.scrollTop = 0;
    return frames;
  });
}

async function searchTimes(page: Page): Promise<number[]> {
  const times: number[] = [];
  for (const text of ["page/7", "R10", "isfragile true", "shelf 42", "postgresql"]) {
    await page.getByPlaceholder("Search all fields").fill("");
    await page.waitForTimeout(300);
    times.push(
      await page.evaluate(async (sought) => {
        const input = document.querySelector<HTMLInputElement>(".find input")!;
        const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")!.set!;
        const query = new URLSearchParams({ text: sought }).toString();
        const from = performance.now();
        set.call(input, sought);
        input.dispatchEvent(new Event("input", { bubbles: true }));
        // Until its own answer is there: that of an earlier text may stand until then.
        while (!performance.getEntriesByType("resource").some(({ name }) => name.includes(query))) {
          await new Promise(requestAnimationFrame);
        }
        while (!/match|of/.test(document.querySelector(".find-count")!.textContent ?? "")) {
          await new Promise(requestAnimationFrame);
        }
        await new Promise(requestAnimationFrame);
        return performance.now() - from;
      }, text),
    );
  }
  return times;
}

/** After the garbage has been collected. */
async function heapOf(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.collectGarbage");
  // Columns lie beside the heap.
  const usage: object = await session.send("Runtime.getHeapUsage");
  const { usedSize, backingStorageSize } = usage as { usedSize: number; backingStorageSize: number };
  await session.detach();
  return (usedSize + backingStorageSize) / 1e6;
}
