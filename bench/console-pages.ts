// How fast the built console opens, draws and follows, in a real browser against a real server in this process.
// Run: npm run build && node --import tsx bench/console-pages.ts [start|trace|map|live]
import type { Browser, Page } from "playwright-core";
import type { Running } from "../src/up.ts";
import { newSegmentId } from "../src/xray/segment-id.ts";
import { newTraceId } from "../src/xray/trace-id.ts";
import { openChromium, openPage, sendDocuments, startServer } from "../test/e2e/console-browser.ts";
import { aLongTrace, anOrder } from "../test/e2e/console-traces.ts";

const rounds = 5;
const wants = (part: string): boolean => process.argv[2] === undefined || process.argv[2] === part;
const browser = await openChromium();
try {
  if (wants("start")) await measureStart(browser);
  if (wants("trace")) for (const count of [1_000, 10_000, 50_000]) await measureTrace(browser, count);
  if (wants("map")) for (const count of [50, 300, 1_000]) await measureMap(browser, count);
  if (wants("live")) await measureLive(browser);
} finally {
  await browser.close();
}

async function measureStart(browser: Browser): Promise<void> {
  await withServer(async (server) => {
    for (let number = 0; number < 200; number += 1) await put(server, anOrder().documents);
    const paints: number[] = [];
    const lists: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      // A context of its own: nothing is in its cache.
      const { page } = await openPage(browser, server.addresses.http);
      await page.goto(`${server.addresses.http}/traces`);
      await page.locator("[data-id]").nth(10).waitFor();
      lists.push(await sinceStart(page));
      paints.push(await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0));
      await page.context().close();
    }
    report("first paint, cold cache", paints);
    report("list filled, filter bar ready", lists);
  });
}

async function measureTrace(browser: Browser, count: number): Promise<void> {
  await withServer(async (server) => {
    const trace = aLongTrace(count);
    await put(server, trace.documents);
    const opened: number[] = [];
    const folded: number[] = [];
    const found: number[] = [];
    let bytes = 0;
    for (let round = 0; round < rounds; round += 1) {
      const { page } = await openPage(browser, server.addresses.http);
      await page.goto(`${server.addresses.http}/trace/${anOrder().id}`);
      await page.getByText("This trace is not here").waitFor();
      // As a click on a row of the list: without loading the page anew.
      opened.push(
        await page.evaluate(async (id) => {
          const from = performance.now();
          history.pushState(undefined, "", `/trace/${id}`);
          while (document.querySelectorAll(".span-row").length < 10) await new Promise(requestAnimationFrame);
          await new Promise(requestAnimationFrame);
          return performance.now() - from;
        }, trace.id),
      );
      folded.push(await click(page, "Fold all"));
      await click(page, "Unfold all");
      found.push(
        await page.evaluate(async () => {
          const field = document.querySelector<HTMLInputElement>("input[type=search]")!;
          const from = performance.now();
          Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")!.set!.call(field, "putitem");
          field.dispatchEvent(new Event("input", { bubbles: true }));
          await new Promise(requestAnimationFrame);
          await new Promise(requestAnimationFrame);
          return performance.now() - from;
        }),
      );
      bytes = await page.evaluate(() =>
        performance
          .getEntriesByType("resource")
          .filter((entry) => entry.name.includes("/documents"))
          .reduce((most, entry) => Math.max(most, (entry as PerformanceResourceTiming).encodedBodySize), 0),
      );
      await page.context().close();
    }
    report(`trace of ${count}: open`, opened);
    report(`trace of ${count}: fold all`, folded);
    report(`trace of ${count}: first search`, found);
    console.log(`${`trace of ${count}: bytes sent`.padEnd(44)} ${(bytes / 1e6).toFixed(2)} MB`);
  });
}

async function measureMap(browser: Browser, count: number): Promise<void> {
  await withServer(async (server) => {
    await put(server, aSystem(count));
    const drawn: number[] = [];
    const again: number[] = [];
    const panned: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const { page } = await openPage(browser, server.addresses.http);
      await page.goto(`${server.addresses.http}/map`);
      const pixelsMs = await untilPainted(page);
      drawn.push(pixelsMs - (await answeredMs(page)));
      await page.evaluate(() => history.pushState(undefined, "", "/setup"));
      await page.locator("canvas").waitFor({ state: "detached" });
      const fromMs = await sinceStart(page);
      await page.evaluate(() => history.pushState(undefined, "", "/map"));
      again.push((await untilPainted(page)) - fromMs);
      panned.push(await framesPerSecond(page));
      await page.context().close();
    }
    report(`map of ${count}: graph answered to pixels`, drawn);
    report(`map of ${count}: back from another page`, again);
    report(`map of ${count}: pan`, panned, "fps");
  });
}

async function measureLive(browser: Browser): Promise<void> {
  await withServer(async (server) => {
    await sendDocuments(server.addresses.udp, anOrder().documents);
    const { page } = await openPage(browser, server.addresses.http);
    await page.goto(`${server.addresses.http}/map`);
    await page.locator('table[aria-label="Services"] tbody tr').first().waitFor({ state: "attached" });
    const seen: number[] = [];
    for (let round = 0; round < 12; round += 1) {
      await page.waitForTimeout(1_300);
      const name = `late-${round}`;
      const start = Date.now() / 1000 - 0.2;
      const segment = {
        trace_id: newTraceId(Date.now()),
        id: newSegmentId(),
        name,
        start_time: start,
        end_time: start + 0.1,
      };
      const from = performance.now();
      await sendDocuments(server.addresses.udp, [segment]);
      await page.getByRole("row", { name: `${name} Service` }).waitFor({ state: "attached" });
      seen.push(performance.now() - from);
    }
    report("segment sent to visible on the map", seen);
    await page.context().close();
  });
}

/** Services in tiers, each called once, in traces of one chain. */
function aSystem(count: number): object[] {
  const documents: object[] = [];
  const start = Date.now() / 1000 - 5;
  for (let service = 1; service < count; service += 1) {
    const traceId = newTraceId(Date.now());
    const call = newSegmentId();
    const caller = Math.floor((service - 1) / 3);
    documents.push({
      ...{ trace_id: traceId, id: newSegmentId(), name: `service-${caller}`, start_time: start, end_time: start + 1 },
      ...(caller > 0 && { parent_id: newSegmentId() }),
      subsegments: [
        { id: call, name: `service-${service}`, namespace: "remote", start_time: start + 0.1, end_time: start + 0.9 },
      ],
    });
    documents.push({
      ...{ trace_id: traceId, id: newSegmentId(), parent_id: call, name: `service-${service}` },
      ...{ start_time: start + 0.2, end_time: start + 0.8, fault: service % 17 === 0 },
    });
  }
  return documents;
}

/** Milliseconds after the page began until something stands in the middle of the map. */
function untilPainted(page: Page): Promise<number> {
  return page.evaluate(async () => {
    for (;;) {
      await new Promise(requestAnimationFrame);
      const canvas = document.querySelector("canvas");
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

async function framesPerSecond(page: Page): Promise<number> {
  const box = (await page.locator("canvas").boundingBox())!;
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  const counting = page.evaluate(async () => {
    const canvas = document.querySelector("canvas")!;
    const { left, top, width, height } = canvas.getBoundingClientRect();
    const from = performance.now();
    let frames = 0;
    while (performance.now() - from < 1_500) {
      await new Promise(requestAnimationFrame);
      frames += 1;
      const turn = frames / 12;
      const clientX = left + width / 2 + Math.cos(turn) * 200;
      const clientY = top + height / 2 + Math.sin(turn) * 150;
      canvas.dispatchEvent(new PointerEvent("pointermove", { bubbles: true, pointerId: 1, clientX, clientY }));
    }
    return (frames * 1000) / (performance.now() - from);
  });
  const frames = await counting;
  await page.mouse.up();
  return frames;
}

function click(page: Page, title: string): Promise<number> {
  return page.evaluate(async (name) => {
    const from = performance.now();
    document.querySelector<HTMLButtonElement>(`button[title="${name}"]`)!.click();
    await new Promise(requestAnimationFrame);
    return performance.now() - from;
  }, title);
}

function sinceStart(page: Page): Promise<number> {
  return page.evaluate(() => performance.now());
}

async function withServer(use: (server: Running) => Promise<void>): Promise<void> {
  const server = await startServer();
  try {
    await use(server);
  } finally {
    await server.close();
  }
}

async function put(server: Running, documents: readonly object[]): Promise<void> {
  for (let from = 0; from < documents.length; from += 50) {
    const TraceSegmentDocuments = documents.slice(from, from + 50).map((document) => JSON.stringify(document));
    const answer = await fetch(`${server.addresses.http}/TraceSegments`, {
      method: "POST",
      body: JSON.stringify({ TraceSegmentDocuments }),
    });
    if (!answer.ok) throw new Error(await answer.text());
  }
}

function report(name: string, values: readonly number[], unit = "ms"): void {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): string =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!.toFixed(0);
  console.log(`${name.padEnd(44)} median ${at(0.5)} ${unit}   from ${at(0)} to ${at(1)}`);
}
