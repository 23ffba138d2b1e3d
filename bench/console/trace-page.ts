// The trace's page, bars 5 to 11: opening, bytes, folding, scrolling, searching, the critical path, memory. A real browser
// against a real server in this process; each figure is the median of five unless it says otherwise.
// Run: npm run build && node --import tsx bench/console/trace-page.ts [rows ...]
import type { Browser, Page } from "playwright-core";
import { criticalPath } from "../../src/analysis/critical-path.ts";
import { decodeSkeleton } from "../../src/analysis/skeleton.ts";
import type { Running } from "../../src/up.ts";
import { newTraceId } from "../../src/xray/trace-id.ts";
import { openChromium, openPage, startServer } from "../../test/e2e/console-browser.ts";
import { aLargeTrace } from "../../test/fixtures/a-large-trace.ts";

const rounds = 5;
const sizes = process.argv.slice(2).map(Number);
const missing = "1-5759e988-bd862e3fe1be46a994272793";

const browser = await openChromium();
try {
  for (const rows of sizes.length > 0 ? sizes : [1_000, 10_000, 50_000, 100_000]) await measure(browser, rows);
} finally {
  await browser.close();
}

async function measure(browser: Browser, rows: number): Promise<void> {
  const server = await startServer();
  const ids = Array.from({ length: rows <= 50_000 ? rounds : 2 }, () => newTraceId(Date.now()));
  try {
    for (const id of ids) await put(server, aLargeTrace(rows, { id, startSeconds: Date.now() / 1000 - 20 }));
    const skeleton = await fetch(`${server.addresses.http}/api/traces/${ids[0]}/skeleton`);
    const bytes = new Uint8Array(await skeleton.arrayBuffer());
    console.log(`${rows} rows: ${(bytes.length / 1e6).toFixed(2)} MB to first paint`);
    report("critical path (in a worker)", await pathTimes(bytes));

    const { page } = await openPage(browser, server.addresses.http);
    await page.goto(`${server.addresses.http}/trace/${missing}`);
    await page.getByText("This trace is not here").waitFor();
    const heapBefore = await heapOf(page);
    const opened: number[] = [];
    // Each of another trace: the server, too, sees it for the first time.
    for (const id of ids) {
      opened.push(await open(page, id));
      if (id !== ids.at(-1)) await open(page, missing);
    }
    report("open, click to rows painted", opened);
    console.log(`  heap with it open: ${(await heapOf(page)).toFixed(0)} MB, before: ${heapBefore.toFixed(0)} MB`);
    report("fold or unfold all", await foldTimes(page));
    reportFrames(await scrollFrames(page));
    report("search in all fields, first match", await searchTimes(page));
    for (let round = 0; round < 20; round += 1) {
      await open(page, ids[round % ids.length]!);
      await open(page, missing);
    }
    // Until nobody's data is thrown away.
    await page.waitForTimeout(15_000);
    console.log(`  heap after closing 20: ${(await heapOf(page)).toFixed(0)} MB`);
    await page.context().close();
  } finally {
    await server.close();
  }
}

/** As a click on a row of the list does it: without loading the page anew. */
function open(page: Page, id: string): Promise<number> {
  return page.evaluate(
    async ([to, gone]) => {
      const from = performance.now();
      history.pushState(undefined, "", `/trace/${to}`);
      // No functions with names: what compiles this file would name them for a module that is not in the page.
      while (
        to === gone
          ? !document.body.textContent?.includes("This trace is not here")
          : document.querySelectorAll(".span-row").length < 10
      ) {
        await new Promise(requestAnimationFrame);
      }
      await new Promise(requestAnimationFrame);
      return performance.now() - from;
    },
    [id, missing],
  );
}

function pathTimes(bytes: Uint8Array<ArrayBuffer>): number[] {
  return Array.from({ length: rounds }, () => {
    const skeleton = decodeSkeleton(bytes)!;
    const from = performance.now();
    criticalPath(skeleton);
    return performance.now() - from;
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
    for (let frame = 0; frame < 120; frame += 1) {
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
    const field = page.getByPlaceholder("Search all fields");
    await field.fill("");
    await page.waitForTimeout(300);
    times.push(
      await page.evaluate(async (sought) => {
        const input = document.querySelector<HTMLInputElement>(".find input")!;
        const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")!.set!;
        const from = performance.now();
        set.call(input, sought);
        input.dispatchEvent(new Event("input", { bubbles: true }));
        while (!/match|of/.test(document.querySelector(".find-count")!.textContent ?? "")) {
          await new Promise(requestAnimationFrame);
        }
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
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  await session.detach();
  return usedSize / 1e6;
}

async function put({ addresses }: Running, documents: readonly string[]): Promise<void> {
  for (let at = 0; at < documents.length; at += 50) {
    const body = JSON.stringify({ TraceSegmentDocuments: documents.slice(at, at + 50) });
    const answer = await fetch(`${addresses.http}/TraceSegments`, { method: "POST", body });
    if (!answer.ok) throw new Error(await answer.text());
  }
}

function report(what: string, times: readonly number[]): void {
  const sorted = [...times].sort((a, b) => a - b);
  console.log(
    `  ${what}: ${sorted[Math.floor(sorted.length / 2)]!.toFixed(0)} ms (worst ${sorted.at(-1)!.toFixed(0)})`,
  );
}

function reportFrames(frames: readonly number[]): void {
  const sorted = [...frames].sort((a, b) => a - b);
  const at = (share: number): string => sorted[Math.floor(share * (sorted.length - 1))]!.toFixed(1);
  console.log(`  scroll 240 px a frame: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms`);
}
