import type { Page } from "playwright-core";
import { jaeger } from "./jaeger-steps.ts";
import type { Task } from "./task.ts";

/** The list of traces, from wherever one is. */
async function toTraces(page: Page): Promise<void> {
  await page.keyboard.press("g");
  await page.keyboard.press("t");
  await page.locator(".trace-row").first().waitFor();
  await page.locator(".facets .facet-text").first().waitFor();
}

/** A value among the attributes, by the clause that it stands for. */
async function facet(page: Page, clause: string): Promise<void> {
  await page.getByTitle(`Only ${clause}`, { exact: true }).click();
  await page.locator(".trace-list:not(.stale)").waitFor();
}

async function openFirst(page: Page): Promise<void> {
  await page.locator(".trace-row a").first().click();
  await page.locator(".waterfall").waitFor();
}

async function chip(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name, exact: true }).click();
  await page.locator(".trace-list:not(.stale)").waitFor();
}

/** Clicks the lowest card that stands so far across the map, found as a person finds it: where the pointer becomes a hand. */
async function clickLowestCard(page: Page, across: number): Promise<void> {
  const canvas = page.locator(".map-canvas canvas");
  const { x, y, width, height } = (await canvas.boundingBox())!;
  for (let down = height - 120; down > 0; down -= 12) {
    await page.mouse.move(x + width * across, y + down);
    const isCard = await canvas.evaluate((element) => getComputedStyle(element).cursor === "pointer");
    if (!isCard) continue;
    await page.mouse.click(x + width * across, y + down);
    return;
  }
  throw new Error("there is no card there");
}

const row = (page: Page, text: string) => page.locator(".waterfall").getByRole("row").filter({ hasText: text });
const details = (page: Page) => page.locator("aside");

/** Twelve things that people use a tracing console for. */
export const tasks: readonly Task[] = [
  {
    name: "the slowest call of orders that answered 500",
    async run(page, { slowestFailure }) {
      await toTraces(page);
      await facet(page, 'service("orders")');
      await facet(page, "http.status = 500");
      await page.getByRole("button", { name: "Duration" }).click();
      await page.locator(`.trace-row:first-child [data-id="${slowestFailure}"]`).click();
      await row(page, "orders").first().waitFor();
    },
    jaeger: [...jaeger.service, ...jaeger.tags("http.status_code=500"), ...jaeger.longestFirst, ...jaeger.openFirst],
  },
  {
    name: "a trace by the id in a log",
    async run(page, { repeating }) {
      // It has been copied elsewhere.
      await page.evaluate((id) => navigator.clipboard.writeText(id), repeating);
      await page.keyboard.press("Control+v");
      await page.getByText(repeating).first().waitFor();
    },
    jaeger: [{ click: "Lookup by Trace ID…" }, { press: "Ctrl V" }, { press: "Enter" }],
  },
  {
    name: "which service makes checkout slow",
    async run(page) {
      await toTraces(page);
      await page.getByRole("button", { name: "Duration" }).click();
      await openFirst(page);
      await page
        .getByRole("list", { name: /share of the critical path/ })
        .getByText(/^\s*payments/)
        .waitFor();
    },
    jaeger: [...jaeger.service, ...jaeger.operation, ...jaeger.find, ...jaeger.longestFirst, ...jaeger.openFirst],
    lacks: "shares by service: the path is marked, to be added up by eye",
  },
  {
    name: "calls that are repeated for each item (N+1)",
    async run(page) {
      await toTraces(page);
      await page.locator(".trace-row", { hasText: "N+1?" }).getByRole("link").click();
      await row(page, "11 ×").waitFor();
    },
    jaeger: [...jaeger.service, ...jaeger.find, ...jaeger.openFirst],
    lacks: "a mark: traces must be opened one after another, and rows counted",
  },
  {
    name: "the stack of an exception",
    async run(page) {
      await toTraces(page);
      await chip(page, "Faults");
      await openFirst(page);
      await row(page, "POST /orders").last().click();
      await details(page).getByText("/srv/orders/stock.ts:42").waitFor();
    },
    jaeger: [
      ...jaeger.service,
      ...jaeger.tags("error=true"),
      ...jaeger.openFirst,
      ...jaeger.openSpan,
      { click: "Events" },
      { click: "the event" },
    ],
  },
  {
    name: "what two traces do differently",
    async run(page) {
      await toTraces(page);
      for (const key of ["x", "j", "c"]) await page.keyboard.press(key);
      await page.getByRole("table", { name: "Comparison" }).getByText("payments").first().waitFor();
    },
    jaeger: [
      ...jaeger.service,
      ...jaeger.find,
      { click: "the first trace's box" },
      { click: "the second trace's box" },
      { click: "Compare Traces" },
    ],
  },
  {
    name: "failures of the last five minutes, by user",
    async run(page) {
      await toTraces(page);
      await chip(page, "Faults");
      await page.locator(".top-tools .popover > button").click();
      await page.getByRole("button", { name: "Last 5 minutes" }).click();
      await page.getByTitle('Only user = "user-6"', { exact: true }).waitFor();
    },
    jaeger: [
      ...jaeger.service,
      { click: "Lookback" },
      { click: "Last 5 Minutes" },
      ...jaeger.tags("error=true"),
      ...jaeger.openFirst,
    ],
    lacks: "counts by user: each trace must be opened",
  },
  {
    name: "which version is slow",
    async run(page) {
      await page.keyboard.press("g");
      await page.keyboard.press("c");
      await page.getByText("Two sets", { exact: true }).click();
      await page.getByRole("button", { name: "Fast and slow" }).click();
      await page.locator(".compare-result").getByText("2.1").first().waitFor();
    },
    jaeger: [
      ...jaeger.service,
      ...jaeger.tags("version=2.0"),
      { press: "Backspace" },
      { type: "1" },
      { press: "Enter" },
    ],
    lacks: "figures: two scatter plots are compared from memory",
  },
  {
    name: "a link to one span",
    async run(page) {
      await toTraces(page);
      await openFirst(page);
      await row(page, "payments").first().click();
      await details(page).waitFor();
      await page.keyboard.press("y");
      await page.waitForFunction(async () => /segment=/.test(await navigator.clipboard.readText()));
    },
    jaeger: [...jaeger.service, ...jaeger.find, ...jaeger.openFirst, ...jaeger.openSpan, { click: "Copy deep link" }],
  },
  {
    name: "the SQL of a span",
    async run(page) {
      await toTraces(page);
      await openFirst(page);
      await row(page, "orders@db").first().click();
      await details(page).getByText("order_id = ?").first().waitFor();
    },
    jaeger: [...jaeger.service, ...jaeger.find, ...jaeger.openFirst, ...jaeger.openSpan, { click: "Attributes" }],
  },
  {
    name: "who calls a service",
    async run(page) {
      await page.locator(".map-twin").getByText("payments").first().waitFor({ state: "attached" });
      await clickLowestCard(page, 0.7);
      await page.getByRole("complementary").getByText("checkout").first().waitFor();
    },
    jaeger: [{ click: "System Architecture" }, { click: "DAG" }],
    lacks: "latency and faults of the calls",
  },
  {
    name: "a trace as a file",
    async run(page) {
      await toTraces(page);
      await openFirst(page);
      const saved = page.waitForEvent("download");
      await page.getByRole("button", { name: "Export", exact: true }).click();
      await page.getByRole("button", { name: /^X-Ray JSON/ }).click();
      await saved;
    },
    jaeger: [
      ...jaeger.service,
      ...jaeger.find,
      ...jaeger.openFirst,
      { click: "Alternate Views" },
      { click: "Trace JSON" },
      { press: "Ctrl S" },
      { press: "Enter" },
    ],
  },
];
