// Bars 2 and 4: how soon something is seen at all, and how soon another page is. A real browser against the built program.
// Run: npm run build && node --import tsx bench/console/start-page.ts
import type { Browser, Page } from "playwright-core";
import { openChromium, openPage } from "../../test/e2e/console-browser.ts";
import { workloadDocuments } from "../workload.ts";
import { putDocuments, startBuiltServer } from "./built-server.ts";
import { printFigure } from "./figures.ts";

const rounds = 5;
/** Each with something that only it has. */
const pages = [
  { path: "/map", sign: ".map-canvas canvas" },
  { path: "/services", sign: ".services-page table tbody tr" },
  { path: "/traces", sign: ".trace-list [data-id]" },
] as const;

const server = await startBuiltServer();
const browser = await openChromium();
try {
  const startSeconds = Date.now() / 1000 - 900;
  await putDocuments(server.origin, [...workloadDocuments({ traces: 400, startSeconds, spanSeconds: 800 })]);
  await measureFirstPaint(browser);
  await measureRoutes(browser);
} finally {
  await browser.close();
  await server.close();
}

async function measureFirstPaint(browser: Browser): Promise<void> {
  const paints: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    // A context of its own: nothing is in its cache.
    const { page } = await openPage(browser, server.origin);
    await page.goto(`${server.origin}/traces`);
    await page.locator("[data-id]").first().waitFor();
    paints.push(await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0]!.startTime));
    await page.context().close();
  }
  printFigure({ bar: 2, what: "first contentful paint, cold cache", values: paints, limit: 500 });
}

/** From page to page and round again; the first round, in which their scripts come, does not count. */
async function measureRoutes(browser: Browser): Promise<void> {
  const { page } = await openPage(browser, server.origin);
  await page.goto(`${server.origin}/traces`);
  await page.locator("[data-id]").first().waitFor();
  const times = pages.map((): number[] => []);
  for (let round = 0; round <= rounds; round += 1) {
    for (const [at, target] of pages.entries()) {
      await page.waitForTimeout(500);
      const tookMs = await go(page, target);
      if (round > 0) times[at]!.push(tookMs);
    }
  }
  for (const [at, { path }] of pages.entries()) {
    printFigure({ bar: 4, what: `to ${path}, warm cache`, values: times[at]!, limit: 150 });
  }
  await page.context().close();
}

function go(page: Page, target: (typeof pages)[number]): Promise<number> {
  return page.evaluate(async ({ path, sign }) => {
    const from = performance.now();
    document.querySelector<HTMLElement>(`nav a[href^="${path}"]`)!.click();
    while (document.querySelector(sign) === null) await new Promise(requestAnimationFrame);
    await new Promise(requestAnimationFrame);
    return performance.now() - from;
  }, target);
}
