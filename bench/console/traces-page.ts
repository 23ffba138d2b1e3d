// How fast is the page of traces: filled, narrowed down by filter and by dragging, and told of what arrives?
//   npm run build && node --import tsx bench/console/traces-page.ts [interactive|live|filter|brush]
// TRACES_BENCH_DIR: a folder with a store of a million segments (see store-queries.ts), which is best a copy; without it
// filters and dragging are tried on 5,000 traces. Everything runs on this machine: server, sender, browser and its drawing
// share the cores.
import type { Browser, Page } from "playwright-core";
import { newSegmentId } from "../../src/xray/segment-id.ts";
import { newTraceId } from "../../src/xray/trace-id.ts";
import { openChromium, openPage } from "../../test/e2e/console-browser.ts";
import { workloadDocuments } from "../workload.ts";
import { type BuiltServer, putDocuments, startBuiltServer } from "./built-server.ts";
import { printFigure } from "./figures.ts";

const rounds = 5;
const stored = process.env.TRACES_BENCH_DIR;
/** Those of store-queries.ts. */
const storedRange = "from=2025-10-09T09:00:00Z&to=2025-10-09T15:00:00Z";
const equality = 'annotation.tenant = "acme"';
const wants = (part: string): boolean => process.argv[2] === undefined || process.argv[2] === part;

const browser = await openChromium();
try {
  if (wants("interactive")) await withServer(undefined, (server) => measureInteractive(browser, server));
  if (wants("live")) await withServer(undefined, (server) => measureLive(browser, server));
  if (wants("filter") || wants("brush")) await withServer(stored, (server) => measureQuestions(browser, server));
} finally {
  await browser.close();
}

/** Bar 3: the filter bar takes typing and the list has fifty rows. */
async function measureInteractive(browser: Browser, server: BuiltServer): Promise<void> {
  await fill(server, 400);
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    // Tall enough for fifty rows, and a context of its own: nothing is in its cache.
    const { page } = await openPage(browser, server.origin, { viewport: { width: 1280, height: 2_400 } });
    await page.goto(`${server.origin}/traces`);
    times.push(
      await page.evaluate(async () => {
        while (document.querySelectorAll("[data-id]").length < 50 || document.querySelector("#filter") === null) {
          await new Promise(requestAnimationFrame);
        }
        return performance.now();
      }),
    );
    await page.context().close();
  }
  printFigure({ bar: 3, what: "filter bar and 50 rows, cold cache", values: times, limit: 1_000 });
}

/** Bar 17: from sending a segment to seeing its trace, while a thousand a second arrive; and what a tab costs that follows. */
async function measureLive(browser: Browser, server: BuiltServer): Promise<void> {
  await fill(server, 50);
  const { page } = await openPage(browser, server.origin);
  await page.goto(`${server.origin}/traces`);
  await page.locator("[data-id]").first().waitFor();
  await page.keyboard.press("f");
  const stop = flood(server, 1_000);
  try {
    await page.waitForTimeout(2_000);
    const busy = [await busyShare(page, 8)];
    printFigure({ bar: 17, what: "the tab while it follows, of one core", values: busy, limit: 10, unit: "%" });
    // Among two hundred newcomers a second one row is soon out of sight: a filter keeps it there.
    await page.goto(`${server.origin}/traces?filter=${encodeURIComponent('service("seen")')}`);
    await page.getByText("No trace matches").waitFor();
    const seen: number[] = [];
    for (let round = 0; round < 20; round += 1) {
      const id = newTraceId(Date.now());
      const sentMs = performance.now();
      const now = Date.now() / 1000;
      const segment = { trace_id: id, id: newSegmentId(), name: "seen", start_time: now - 0.01, end_time: now };
      await putDocuments(server.origin, [JSON.stringify(segment)]);
      await page.locator(`[data-id="${id}"]`).waitFor({ state: "attached", timeout: 10_000 });
      seen.push(performance.now() - sentMs);
      await page.waitForTimeout(200);
    }
    printFigure({ bar: 17, what: "segment sent to seen in the list, p95", share: 0.95, values: seen, limit: 1_000 });
  } finally {
    await stop();
  }
  await page.context().close();
}

/** Which share of one core, in percent, the tab takes for so many seconds. */
async function busyShare(page: Page, seconds: number): Promise<number> {
  const session = await page.context().newCDPSession(page);
  // Its own time: on a busy machine a task takes longer, but no more of the core.
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const busy = async (): Promise<number> => {
    const { metrics } = await session.send("Performance.getMetrics");
    return metrics.find(({ name }) => name === "TaskDuration")!.value;
  };
  const before = await busy();
  await page.waitForTimeout(seconds * 1_000);
  return (100 * ((await busy()) - before)) / seconds;
}

/** Bars 18 and 19: an expression typed, a part of the heatmap dragged over, until the list shows the answer. */
async function measureQuestions(browser: Browser, server: BuiltServer): Promise<void> {
  if (stored === undefined) await fill(server, 5_000);
  const { page } = await openPage(browser, server.origin);
  const range = stored === undefined ? "" : `?${storedRange}`;
  await page.goto(`${server.origin}/traces${range}`);
  await page.locator("[data-id]").first().waitFor();
  await page.locator(".heatmap canvas").waitFor();
  const filters = [
    'service("stock") { fault }',
    "responsetime > 0.4",
    "fault",
    'user = "user-77"',
    'http.method = "GET" AND error',
    equality,
  ];
  if (wants("filter")) {
    const times = new Map<string, number[]>(filters.map((filter) => [filter, []]));
    for (let round = 0; round < rounds; round += 1) {
      for (const filter of filters) times.get(filter)!.push(await applied(page, filter));
    }
    const all = [...times.values()].flat();
    printFigure({ bar: 18, what: "filter typed to list, p95", share: 0.95, values: all, limit: 300 });
    for (const [filter, each] of times) {
      printFigure({ bar: 18, what: filter, values: each, ...(filter === equality && { limit: 100 }) });
    }
  }
  if (wants("brush")) {
    const times: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      await page.goto(`${server.origin}/traces${range}`);
      await page.locator("[data-id]").first().waitFor();
      await page.locator(".heatmap canvas").waitFor();
      await page.waitForTimeout(4_000);
      times.push(await brushed(page, 0.3 + round * 0.1));
    }
    printFigure({ bar: 19, what: "part dragged over to refreshed list", values: times, limit: 200 });
  }
  await page.context().close();
}

/** From Enter to the first list of the new filter. */
async function applied(page: Page, filter: string): Promise<number> {
  await page.locator("#filter").fill(filter);
  await page.keyboard.press("Escape");
  // Who types has seen the answer before, and what stands beside it.
  await page.waitForTimeout(2_000);
  return page.evaluate(async () => {
    performance.clearResourceTimings();
    const fromMs = performance.now();
    document
      .querySelector("#filter")!
      .dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
    // Until the old list, which is dimmed, has made way for one that was asked for since.
    while (
      !performance.getEntriesByType("resource").some(({ name }) => name.endsWith("/TraceSummaries")) ||
      document.querySelector("table.trace-list:not(.stale) [data-id]") === null
    ) {
      await new Promise(requestAnimationFrame);
    }
    return performance.now() - fromMs;
  });
}

async function brushed(page: Page, share: number): Promise<number> {
  const box = (await page.locator(".heatmap canvas").boundingBox())!;
  await page.mouse.move(box.x + box.width * share, box.y + 10);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * (share + 0.1), box.y + box.height - 30, { steps: 5 });
  // There before the button is let go, whatever the browser does first.
  await page.evaluate(() => {
    const seen = new Promise<number>((resolve) => {
      addEventListener(
        "pointerup",
        async () => {
          performance.clearResourceTimings();
          const fromMs = performance.now();
          while (
            !performance.getEntriesByType("resource").some(({ name }) => name.endsWith("/TraceSummaries")) ||
            document.querySelector("table.trace-list:not(.stale) [data-id]") === null
          ) {
            await new Promise(requestAnimationFrame);
          }
          resolve(performance.now() - fromMs);
        },
        { once: true, capture: true },
      );
    });
    Object.assign(window, { seen });
  });
  await page.mouse.up();
  return page.evaluate(() => (window as unknown as { readonly seen: Promise<number> }).seen);
}

/** Segments at a rate, five to a trace, until told otherwise. */
function flood(server: BuiltServer, perSecond: number): () => Promise<void> {
  let isOver = false;
  const sending = (async () => {
    while (!isOver) {
      const startedMs = performance.now();
      const start = Date.now() / 1000;
      const documents = Array.from({ length: perSecond / 50 }).flatMap(() => {
        const trace_id = newTraceId(Date.now());
        const root = newSegmentId();
        return Array.from({ length: 5 }, (_, n) => ({
          ...{ trace_id, id: n === 0 ? root : newSegmentId(), name: `service-${n}` },
          ...{ start_time: start - 0.05, end_time: start, ...(n > 0 && { parent_id: root }) },
        }));
      });
      await putDocuments(
        server.origin,
        documents.map((document) => JSON.stringify(document)),
      );
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, 100 - (performance.now() - startedMs))));
    }
  })();
  return () => {
    isOver = true;
    return sending;
  };
}

function fill(server: BuiltServer, traces: number): Promise<void> {
  const startSeconds = Date.now() / 1000 - 3_000;
  return putDocuments(server.origin, [...workloadDocuments({ traces, startSeconds, spanSeconds: 2_900 })]);
}

async function withServer(folder: string | undefined, use: (server: BuiltServer) => Promise<void>): Promise<void> {
  const server = await startBuiltServer(folder);
  try {
    await use(server);
  } finally {
    await server.close();
  }
}
