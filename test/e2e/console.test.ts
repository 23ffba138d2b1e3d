import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import type { Running } from "../../src/up.ts";
import { chromiumForTests } from "./chromium-for-tests.ts";
import { accessibilityFaults, openPage, sendDocuments, startServer, type WatchedPage } from "./console-browser.ts";
import { anOrder, aRunningJob } from "./console-traces.ts";

const browser = chromiumForTests();

/** Does something with a page of a fresh server; in the end, nothing may have gone wrong in it. */
async function withPage(
  use: (given: { page: Page; server: Running }) => Promise<void>,
  options: Parameters<typeof openPage>[2] = {},
): Promise<void> {
  const server = await startServer();
  let watched: WatchedPage | undefined;
  try {
    watched = await openPage(browser(), server.addresses.http, options);
    await use({ page: watched.page, server });
    expect(watched.troubles).toEqual([]);
  } finally {
    await watched?.page.context().close();
    await server.close();
  }
}

const servicesTable = (page: Page) => page.getByRole("table", { name: "Services" });
const callsTable = (page: Page) => page.getByRole("table", { name: "Calls" });
const row = (page: Page, name: string) => page.getByRole("row", { name: new RegExp(`^${name}\\b`) });

describe("the first run", () => {
  it("waits with the addresses and something to paste, ticks itself, and becomes the first trace", async () => {
    await withPage(async ({ page, server }) => {
      await page.goto(server.addresses.http);
      await page.getByRole("heading", { name: "Waiting for your first trace" }).waitFor();
      expect(await page.locator("main").textContent()).toContain(server.addresses.udp);
      expect(await page.locator("pre").textContent()).toContain("fluoroscope call -u");
      await page.getByRole("tab", { name: "Python" }).click();
      expect(await page.locator("pre").textContent()).toContain(`daemon_address="${server.addresses.udp}"`);
      const done = (step: string) => page.locator(`[data-step=${step}][data-done=true]`).waitFor({ timeout: 5_000 });

      await sendDocuments(server.addresses.udp, ["{"]);
      await done("reached");
      expect(await page.locator("[data-step=parsed]").getAttribute("data-done")).toBe("false");
      await page.getByRole("link", { name: "see why" }).waitFor();

      await sendDocuments(server.addresses.udp, anOrder().documents);
      for (const step of ["parsed", "trace", "downstream"]) await done(step);
      await page.getByRole("treegrid", { name: "Waterfall" }).waitFor();
      await page.getByRole("link", { name: "Open the map" }).click();
      await page.waitForURL("**/map");

      // Who comes back finds the map, not the setting up.
      await page.goto(server.addresses.http);
      await page.waitForURL("**/map");
    });
  });
});

describe("the map", () => {
  it("shows services and calls in its tables and on its canvas", async () => {
    await withPage(async ({ page, server }) => {
      await sendDocuments(server.addresses.udp, [...anOrder().documents, ...anOrder({ fails: true }).documents]);
      await page.goto(`${server.addresses.http}/map`);
      await row(page, "orders@db").first().waitFor({ state: "attached" });
      const names = await servicesTable(page).locator("tbody th").allTextContents();
      expect(names).toEqual(["Client of web", "web", "orders", "orders@db"]);
      const calls = await callsTable(page).locator("tbody tr").allTextContents();
      expect(calls.length).toBe(3);
      expect(calls[1]).toMatch(/^weborders2/);
      const orders = await servicesTable(page)
        .getByRole("row", { name: /^orders\b(?!@)/ })
        .textContent();
      expect(orders).toContain("50 %");

      await expect.poll(() => paintedShare(page)).toBeGreaterThan(0.01);
    });
  });

  it("is walked with the keyboard along its calls, and tells about what is selected", async () => {
    await withPage(async ({ page, server }) => {
      await sendDocuments(server.addresses.udp, anOrder({ fails: true }).documents);
      await page.goto(`${server.addresses.http}/map`);
      await row(page, "orders@db").first().waitFor({ state: "attached" });
      await servicesTable(page).getByRole("button", { name: "Client of web" }).focus();
      for (const key of ["ArrowRight", "ArrowRight"]) await page.keyboard.press(key);
      expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("orders");
      await page.keyboard.press("Enter");

      const drawer = page.getByRole("complementary", { name: "Selection" });
      await drawer.getByRole("heading", { name: "orders" }).waitFor();
      expect(new URL(page.url()).searchParams.get("select")).toBe('service(id(name:"orders",type:""))');
      await drawer.getByText("Latest faults").waitFor();
      await drawer.getByRole("link", { name: "Faults" }).click();
      await page.waitForURL("**/traces?*");
      expect(new URL(page.url()).searchParams.get("filter")).toBe('service(id(name:"orders",type:"")) { fault }');
      await page.locator("[data-id]").first().waitFor();
    });
  });

  it("shows within two seconds what arrives while it is looked at, and keeps what stands in its place", async () => {
    await withPage(async ({ page, server }) => {
      await sendDocuments(server.addresses.udp, anOrder().documents);
      await page.goto(`${server.addresses.http}/map`);
      await row(page, "orders@db").first().waitFor({ state: "attached" });
      const before = await servicesTable(page).locator("tbody th").allTextContents();
      await page.waitForTimeout(500);

      await sendDocuments(server.addresses.udp, aRunningJob().documents);
      await row(page, "nightly-job").first().waitFor({ state: "attached", timeout: 2_000 });
      const after = await servicesTable(page).locator("tbody th").allTextContents();
      expect(after.filter((name) => before.includes(name))).toEqual(before);
    });
  });

  it("is narrowed down by the filter, as the list is", async () => {
    await withPage(async ({ page, server }) => {
      await sendDocuments(server.addresses.udp, [...anOrder().documents, ...aRunningJob().documents]);
      await page.goto(`${server.addresses.http}/map?form=table`);
      await row(page, "nightly-job").first().waitFor();
      await page.getByRole("combobox", { name: "Filter expression" }).fill('service("orders")');
      await page.keyboard.press("Escape");
      await page.keyboard.press("Enter");
      await row(page, "nightly-job").first().waitFor({ state: "detached" });
      await row(page, "orders@db").first().waitFor();

      await page.getByRole("combobox", { name: "Filter expression" }).fill("responsetime > 100");
      await page.keyboard.press("Enter");
      await page.getByText("No trace matches this filter").waitFor();
      await page.getByRole("button", { name: "Drop the filter" }).click();
      await row(page, "nightly-job").first().waitFor();
    });
  });
});

describe("the filter bar", () => {
  it("points at the character that is wrong, and leaves the page as it is", async () => {
    await withPage(async ({ page, server }) => {
      await sendDocuments(server.addresses.udp, anOrder().documents);
      await page.goto(`${server.addresses.http}/traces`);
      await page.locator("[data-id]").first().waitFor();
      const field = page.getByRole("combobox", { name: "Filter expression" });
      await field.fill("responsetime >> 1");
      await field.press("Enter");
      await page.getByRole("alert").getByText("at character 15").waitFor();
      const pointer = await page.locator(".filter-pointer").boundingBox();
      const left = await field.evaluate((input) => input.getBoundingClientRect().left);
      const character = await characterWidth(page);
      // The middle of the fifteenth character.
      expect(pointer!.x + pointer!.width / 2).toBeCloseTo(left + 14.5 * character, -0.5);
      expect(await page.locator("[data-id]").count()).toBe(1);
      expect(page.url()).not.toContain("filter");
    });
  });

  it("completes keywords, services, and annotations with their values", async () => {
    await withPage(async ({ page, server }) => {
      await sendDocuments(server.addresses.udp, anOrder().documents);
      await page.goto(`${server.addresses.http}/traces`);
      await page.locator("[data-id]").first().waitFor();
      await page.keyboard.press("/");
      await page.keyboard.type("serv");
      await page.keyboard.press("Enter");
      await page.getByRole("option", { name: "orders@db" }).waitFor();
      await page.keyboard.type('"orders@');
      await page.keyboard.press("Enter");
      await page.keyboard.type(") AND annotation.ti");
      await page.keyboard.press("Enter");
      await page.keyboard.type("= ");
      await page.getByRole("option", { name: "plus" }).waitFor();
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Enter");
      await page.keyboard.press("Escape");
      await page.keyboard.press("Enter");
      await page.waitForURL("**/traces?*");
      const filter = new URL(page.url()).searchParams.get("filter");
      expect(filter).toBe('service("orders@db") AND annotation.tier = "plus"');
      await page.locator("[data-id]").first().waitFor();
    });
  });
});

describe("a trace", () => {
  it("is walked with the keyboard, and tells all of the row it is on", async () => {
    await withPage(async ({ page, server }) => {
      const order = anOrder({ fails: true });
      await sendDocuments(server.addresses.udp, order.documents);
      await page.goto(`${server.addresses.http}/trace/${order.id}`);
      const grid = page.getByRole("treegrid", { name: "Waterfall" });
      await grid.waitFor();
      expect(await page.getByRole("heading", { level: 1 }).textContent()).toContain("500");
      const names = () => grid.getByRole("row").locator("b").allTextContents();
      expect(await names()).toEqual(["web", "orders", "orders", "orders@db"]);

      await grid.focus();
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("ArrowLeft");
      expect(await names()).toEqual(["web", "orders"]);
      await page.keyboard.press("ArrowRight");
      await page.keyboard.press("End");
      const active = () => grid.locator("[aria-selected=true]").getAttribute("aria-level");
      expect(await active()).toBe("4");
      await page.keyboard.press("ArrowUp");
      await page.keyboard.press("Enter");

      const details = page.getByRole("complementary", { name: "Details" });
      await details.getByText("TypeError").first().waitFor();
      await details.getByText("no price for <b>lamp</b>").first().waitFor();
      await details.getByText("<img src=x onerror=alert(1)>").first().waitFor();
      const segment = () => new URL(page.url()).searchParams.get("segment");
      await expect.poll(segment).toMatch(/^[0-9a-f]{16}$/);
      const orders = segment();
      await page.keyboard.press("ArrowDown");
      await details.getByText("SELECT * FROM orders").first().waitFor();
      await expect.poll(segment).not.toBe(orders);
      await page.reload();
      await details.getByText("SELECT * FROM orders").first().waitFor();
      await page.keyboard.press("Escape");
      await details.waitFor({ state: "detached" });

      await page.keyboard.press("/");
      await page.keyboard.type("lamp");
      await page.getByText("1 match").waitFor();
      await page.keyboard.press("Enter");
      await page.getByText("1 of 1").waitFor();
      expect(await active()).toBe("3");
    });
  });

  it("has its own map, and its documents as they came", async () => {
    await withPage(async ({ page, server }) => {
      const order = anOrder();
      await sendDocuments(server.addresses.udp, order.documents);
      await page.goto(`${server.addresses.http}/trace/${order.id}`);
      await page.getByRole("tab", { name: "Map" }).click();
      await row(page, "orders@db").first().waitFor({ state: "attached" });
      await expect.poll(() => paintedShare(page)).toBeGreaterThan(0.01);

      await page.getByRole("tab", { name: "Raw" }).click();
      await page.getByText("2 documents, as they came").waitFor();
      await page.locator("summary").first().click();
      const shown = await page.locator("pre").first().textContent();
      expect(order.documents).toContainEqual(JSON.parse(shown!));
      await page.goBack();
      await row(page, "orders@db").first().waitFor({ state: "attached" });
    });
  });

  it("renews itself while its work goes on", async () => {
    await withPage(async ({ page, server }) => {
      const job = aRunningJob();
      await sendDocuments(server.addresses.udp, job.documents);
      await page.goto(`${server.addresses.http}/trace/${job.id}`);
      await page.getByText("1 span still runs.").waitFor();
      await sendDocuments(server.addresses.udp, [job.end]);
      await page.getByText("1 span still runs.").waitFor({ state: "detached", timeout: 2_000 });
    });
  });

  it("that is not there says why", async () => {
    const server = await startServer();
    const { page, troubles } = await openPage(browser(), server.addresses.http);
    try {
      await sendDocuments(server.addresses.udp, anOrder().documents);
      await page.goto(`${server.addresses.http}/traces`);
      await page.locator("[data-id]").first().waitFor();
      await page.goto(`${server.addresses.http}/trace/1-5759e988-bd862e3fe1be46a994272793`);
      await page.getByText("retention removed it").waitFor();
      await page.goto(`${server.addresses.http}/trace/nonsense`);
      await page.getByText("That is not the id of a trace").waitFor();
      // The browser itself reports an answer of 404.
      expect(troubles.filter((trouble) => !trouble.includes("404"))).toEqual([]);
    } finally {
      await page.context().close();
      await server.close();
    }
  });
});

describe("the page of problems", () => {
  it("shows each refused document with its reason and a remedy", async () => {
    await withPage(async ({ page, server }) => {
      await page.goto(`${server.addresses.http}/problems`);
      await page.getByText("No problems").waitFor();
      await sendDocuments(server.addresses.udp, ['{"name":"nameless <i>"}', "{cut"]);
      await page.getByRole("heading", { name: "InvalidJson" }).waitFor({ timeout: 5_000 });
      await page.getByRole("heading", { name: "MissingTraceId" }).waitFor();
      await page.getByText("send documents above 64 KB over HTTP").waitFor();
      await page.getByText("What came").last().click();
      await page.getByText('{"name":"nameless <i>"}').waitFor();
      await page.getByRole("link", { name: "2 refused" }).waitFor();
    });
  });
});

describe("a server that goes away", () => {
  it("is missed, what was loaded stays, and the page recovers by itself", async () => {
    const first = await startServer();
    const port = Number(first.addresses.udp.split(":")[1]);
    const { page } = await openPage(browser(), first.addresses.http);
    let second: Running | undefined;
    try {
      await sendDocuments(first.addresses.udp, anOrder().documents);
      await page.goto(`${first.addresses.http}/map?form=table`);
      await row(page, "orders@db").first().waitFor();
      await first.close();
      await page.getByText("fluoroscope does not answer.").waitFor({ timeout: 20_000 });
      expect(await row(page, "orders@db").count()).toBeGreaterThan(0);

      second = await startServer(port);
      await sendDocuments(second.addresses.udp, aRunningJob().documents);
      await row(page, "nightly-job").first().waitFor({ timeout: 20_000 });
      await page.getByText("fluoroscope does not answer.").waitFor({ state: "hidden" });
      // The new one keeps nothing of the old one's: it is no longer shown as if it did.
      await row(page, "orders@db").first().waitFor({ state: "detached" });
    } finally {
      await page.context().close();
      await second?.close();
    }
  });
});

describe("every page", () => {
  it.each(["light", "dark"] as const)("has no accessibility violations in the %s theme", async (colorScheme) => {
    await withPage(
      async ({ page, server }) => {
        const { http, udp } = server.addresses;
        const faults: Record<string, string[]> = {};
        const check = async (name: string): Promise<void> => {
          const found = await accessibilityFaults(page);
          if (found.length > 0) faults[name] = found;
        };
        await page.goto(http);
        await page.getByRole("heading", { name: "Waiting for your first trace" }).waitFor();
        await check("first run");
        const order = anOrder({ fails: true });
        await sendDocuments(udp, [...order.documents, ...anOrder().documents, ...aRunningJob().documents, "{cut"]);
        await page.getByRole("treegrid", { name: "Waterfall" }).waitFor();
        await check("first trace");
        for (const [width, height] of [
          [1280, 800],
          [375, 740],
        ] as const) {
          await page.setViewportSize({ width, height });
          await page.goto(`${http}/map?select=${encodeURIComponent('service("orders")')}`);
          await page.getByText("Latest faults").waitFor();
          await check(`map ${width}`);
          await page.goto(`${http}/map?form=table`);
          await row(page, "orders@db").first().waitFor();
          await check(`table ${width}`);
          await page.goto(`${http}/traces`);
          await page.locator("[data-id]").first().waitFor();
          await page.getByRole("combobox", { name: "Filter expression" }).fill("serv");
          await page.getByRole("option").first().waitFor();
          await check(`traces ${width}`);
          await page.goto(`${http}/trace/${order.id}`);
          await page.getByRole("treegrid").waitFor();
          await page.locator(".span-row.fault").last().click();
          await page.getByText("TypeError").first().waitFor();
          await check(`trace ${width}`);
          await page.goto(`${http}/trace/${order.id}?tab=raw`);
          await page.locator("summary").first().click();
          await check(`raw ${width}`);
          await page.goto(`${http}/problems`);
          await page.getByText("InvalidJson").first().waitFor();
          await check(`problems ${width}`);
          await page.goto(`${http}/setup`);
          await page.getByRole("tab", { name: "Python" }).waitFor();
          await page.keyboard.press("?");
          await page.getByRole("dialog").waitFor();
          await check(`help ${width}`);
        }
        expect(faults).toEqual({});
      },
      { colorScheme, reducedMotion: "reduce" },
    );
  });

  it("is switched to the other theme with t, and stays so", async () => {
    await withPage(
      async ({ page, server }) => {
        const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
        await page.goto(`${server.addresses.http}/setup`);
        await page.getByRole("tab", { name: "Python" }).waitFor();
        const light = await ground();
        await page.keyboard.press("t");
        await expect.poll(ground).not.toBe(light);
        const dark = await ground();
        await page.reload();
        await page.getByRole("tab", { name: "Python" }).waitFor();
        expect(await ground()).toBe(dark);
      },
      { colorScheme: "light" },
    );
  });
});

/** The share of the canvas that something has been painted on. */
function paintedShare(page: Page): Promise<number> {
  return page.locator("canvas").evaluate((element) => {
    const canvas = element as HTMLCanvasElement;
    const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
    let painted = 0;
    for (let at = 3; at < data.length; at += 4) if (data[at] !== 0) painted += 1;
    return painted / (data.length / 4);
  });
}

function characterWidth(page: Page): Promise<number> {
  return page.locator("#filter").evaluate((field) => {
    const context = document.createElement("canvas").getContext("2d")!;
    context.font = getComputedStyle(field).font;
    return context.measureText("0").width;
  });
}
