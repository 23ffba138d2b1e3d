import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import type { Running } from "../../src/up.ts";
import { newSegmentId } from "../../src/xray/segment-id.ts";
import { newTraceId } from "../../src/xray/trace-id.ts";
import { chromiumForTests } from "./chromium-for-tests.ts";
import { accessibilityFaults, openPage, startServer, type WatchedPage } from "./console-browser.ts";
import { anOrder } from "./console-traces.ts";
import { aSystem, putDocuments } from "./map-systems.ts";

const browser = chromiumForTests();

/** Does something with a page of a server that has these documents; in the end, nothing may have gone wrong in it. */
async function withMap(
  documents: readonly object[],
  use: (given: { page: Page; server: Running; http: string }) => Promise<void>,
  options: Parameters<typeof openPage>[2] = {},
): Promise<void> {
  const server = await startServer();
  const { http } = server.addresses;
  let watched: WatchedPage | undefined;
  try {
    await putDocuments(http, documents);
    watched = await openPage(browser(), http, options);
    await use({ page: watched.page, server, http });
    expect(watched.troubles).toEqual([]);
  } finally {
    await watched?.page.context().close();
    await server.close();
  }
}

const orders = [...anOrder().documents, ...anOrder({ fails: true }).documents, ...anOrder().documents];
const services = (page: Page) => page.getByRole("table", { name: "Services" });
const namesOf = (page: Page) => services(page).locator("tbody th").allTextContents();
const rowOf = (page: Page, name: string) =>
  services(page)
    .getByRole("row", { name: new RegExp(`^${name}\\b`) })
    .first();
const said = (page: Page, word: string) => new URL(page.url()).searchParams.get(word);

/** Opens a menu of the toolbar, and saves what one of its entries gives. */
async function save(page: Page, entry: string): Promise<string> {
  await page.getByRole("button", { name: "Export" }).click();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: entry }).click(),
  ]);
  return readFile(await download.path(), "latin1");
}

/** Where a service's name stands in the picture. */
async function placeOf(page: Page, name: string): Promise<{ x: number; y: number }> {
  const svg = await save(page, "Save as SVG");
  const [, x, y] = new RegExp(`<text x="([-\\d.]+)" y="([-\\d.]+)"[^>]*>${name}</text>`).exec(svg)!;
  return { x: Number(x), y: Number(y) };
}

describe("what the map is about", () => {
  it("is chosen in the toolbar, and stays in the address", async () => {
    await withMap(orders, async ({ page, http }) => {
      await page.goto(`${http}/map`);
      await rowOf(page, "orders").waitFor({ state: "attached" });
      await page.getByRole("button", { name: "Latency" }).click();
      await page.getByRole("button", { name: "Choose what is shown" }).click();
      await page.getByRole("button", { name: "p99" }).click();
      await page.getByLabel("A selection reaches").selectOption("2");
      expect([said(page, "colour"), said(page, "percentile"), said(page, "hops")]).toEqual(["latency", "p99", "2"]);
      await page.keyboard.press("Escape");
      expect(await save(page, "Save as Mermaid")).toContain("p99 ");
      await page.reload();
      await page.getByRole("button", { name: "Latency", pressed: true }).waitFor();
    });
  });

  it("tells operations apart, and leads to the traces of one", async () => {
    await withMap(orders, async ({ page, http }) => {
      await page.goto(`${http}/map?form=table`);
      await rowOf(page, "orders").waitFor();
      await page.getByRole("button", { name: "Choose what is shown" }).click();
      await page.getByLabel("Each operation for itself").check();
      await page.keyboard.press("Escape");
      await rowOf(page, "orders: POST /orders").getByRole("button").click();
      const drawer = page.getByRole("complementary", { name: "Selection" });
      await drawer.getByRole("link", { name: "Traces", exact: true }).first().click();
      await page.waitForURL("**/traces?*");
      expect(said(page, "filter")).toContain('{ http.method = "POST" AND http.url CONTAINS "/orders" }');
      await page.locator("[data-id]").first().waitFor();
    });
  });

  it("gathers services by type, and closes and opens a group", async () => {
    await withMap(orders, async ({ page, http }) => {
      await page.goto(`${http}/map?form=table&group=type`);
      await rowOf(page, "orders").waitFor();
      await page.getByRole("button", { name: "Service (2)" }).click();
      await page.getByRole("button", { name: "Service", expanded: false }).waitFor();
      expect(await namesOf(page)).toEqual(["Client of Service", "Service", "orders@db"]);
      await page.getByRole("button", { name: "Service", expanded: false }).click();
      await rowOf(page, "orders").waitFor();
      expect((await namesOf(page)).length).toBe(4);
    });
  });
});

describe("a map of many services", () => {
  it("is closed at first, opens a group where it is, and finds what is inside of one", async () => {
    await withMap(aSystem(200), async ({ page, http }) => {
      await page.goto(`${http}/map`);
      await services(page).locator("button[aria-expanded=false]").first().waitFor({ state: "attached" });
      const closed = await namesOf(page);
      expect(closed.length).toBeLessThan(60);
      const before = await placeOf(page, "service-0");

      await services(page).getByRole("button", { name: "service-2", exact: true }).focus();
      await page.keyboard.press("Enter");
      await expect.poll(() => namesOf(page).then(({ length }) => length)).toBeGreaterThan(closed.length);
      expect(await placeOf(page, "service-0")).toEqual(before);

      await page.keyboard.press("f");
      await page.keyboard.type("service-199");
      await page.getByText("1 service fits").waitFor({ state: "attached" });
      await page.keyboard.press("Enter");
      await page.getByRole("complementary").getByRole("heading", { name: "service-199" }).waitFor();
    });
  });
});

describe("a service that is dragged", () => {
  it("stays where it was put, here and for whom the link is sent to, until the map is tidied up", async () => {
    await withMap(orders, async ({ page, http }) => {
      await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
      await page.goto(`${http}/map`);
      await rowOf(page, "orders").waitFor({ state: "attached" });
      const before = await placeOf(page, "orders");
      const canvas = (await page.locator("canvas").boundingBox())!;
      // The middle of the picture is in the row of all four; the third stands right of it.
      const at = await middleOfCard(page, before);
      await page.mouse.move(canvas.x + at.x, canvas.y + at.y);
      await page.mouse.down();
      await page.mouse.move(canvas.x + at.x, canvas.y + at.y + 60, { steps: 4 });
      await page.mouse.move(canvas.x + at.x, canvas.y + at.y + 120, { steps: 4 });
      await page.mouse.up();
      const moved = await placeOf(page, "orders");
      expect(moved.y).toBeGreaterThan(before.y + 50);
      expect(said(page, "select")).toBeNull();

      await page.reload();
      await rowOf(page, "orders").waitFor({ state: "attached" });
      expect(await placeOf(page, "orders")).toEqual(moved);

      await page.getByRole("button", { name: "Export" }).click();
      await page.getByRole("button", { name: "Copy link with places" }).click();
      await page.getByRole("button", { name: "Copy link with places" }).waitFor({ state: "detached" });
      const link = await page.evaluate(() => navigator.clipboard.readText());
      const other = await openPage(browser(), http);
      await other.page.goto(link);
      await rowOf(other.page, "orders").waitFor({ state: "attached" });
      expect(await placeOf(other.page, "orders")).toEqual(moved);
      await other.page.context().close();

      await page.getByRole("button", { name: "Tidy up" }).click();
      await expect.poll(() => placeOf(page, "orders")).toEqual(before);
    });
  });
});

describe("time on the map", () => {
  it("is gone through step by step, with everything where it was", async () => {
    const now = Date.now() / 1000;
    const early = aSystem(3, { atSeconds: now - 600, nameOf: (service) => `early-${service}` });
    const late = aSystem(3, { atSeconds: now - 70, nameOf: (service) => `late-${service}` });
    await withMap([...early, ...late], async ({ page, http }) => {
      await page.goto(`${http}/map?form=table&range=15m`);
      await rowOf(page, "late-1").waitFor();
      const names = await namesOf(page);
      const step = page.getByRole("slider", { name: "Step of the range" });
      await step.focus();
      const calls = (name: string) => rowOf(page, name).locator("td.number").first().textContent();
      const at = Math.floor((now - 600) / 60) * 60;
      await page.goto(`${http}/map?form=table&range=15m&at=${at}`);
      await expect.poll(() => calls("late-1")).toBe("0");
      expect(await calls("early-1")).toBe("1");
      expect(await namesOf(page)).toEqual(names);

      await page.getByRole("button", { name: "Replay the range" }).click();
      await expect.poll(() => Number(said(page, "at"))).toBeGreaterThan(at);
      await page.getByRole("button", { name: "Pause" }).click();
      await page.getByRole("button", { name: "Whole range" }).click();
      await expect.poll(() => calls("late-1")).toBe("1");
      expect(said(page, "at")).toBeNull();
    });
  });
});

describe("the side of a selection", () => {
  it("has its charts, its operations, and a histogram that narrows the map down", async () => {
    const start = Date.now() / 1000 - 3;
    const ids = { trace_id: newTraceId(Date.now()), id: newSegmentId() };
    const slow = { ...ids, name: "orders", start_time: start, end_time: start + 1.5 };
    await withMap([...orders, slow], async ({ page, http }) => {
      await page.goto(`${http}/map?select=${encodeURIComponent('service("orders")')}`);
      const drawer = page.getByRole("complementary", { name: "Selection" });
      await drawer.getByText("Top operations").waitFor();
      await drawer.getByRole("link", { name: /^POST \/orders/ }).waitFor();
      await expect.poll(() => drawer.locator(".line-chart svg").count()).toBe(3);
      await drawer.getByRole("slider", { name: "To" }).focus();
      await page.keyboard.press("ArrowLeft");
      await drawer.getByText(/3 calls, 75 %/).waitFor();
      await drawer.getByRole("button", { name: "Filter the map" }).click();
      expect(said(page, "filter")).toMatch(/^service\(id\(name:"orders",type:""\)\) \{ responsetime >= [\d.]+ AND/);
      await rowOf(page, "orders").waitFor({ state: "attached" });
    });
  });
});

describe("the map by keyboard", () => {
  it("goes from service to service with Tab, along calls with arrows, and selects with Enter", async () => {
    await withMap(orders, async ({ page, http }) => {
      await page.goto(`${http}/map`);
      await rowOf(page, "orders").waitFor({ state: "attached" });
      await services(page).getByRole("button", { name: "Client of web" }).focus();
      const here = () => page.evaluate(() => document.activeElement?.textContent);
      await page.keyboard.press("Tab");
      expect(await here()).toBe("web");
      await page.keyboard.press("ArrowRight");
      expect(await here()).toBe("orders");
      await page.keyboard.press("Enter");
      await page.getByRole("complementary").getByRole("heading", { name: "orders" }).waitFor();
      await page.keyboard.press("Escape");
      await page.getByRole("complementary").waitFor({ state: "detached" });
      expect(await here()).toBe("orders");
      await page.keyboard.press("0");
      await page.waitForTimeout(300);
      const whole = await picture(page);
      for (const [key, isSame] of [
        ["+", false],
        ["0", true],
        ["-", false],
        ["0", true],
      ] as const) {
        await page.keyboard.press(key);
        await expect.poll(async () => (await picture(page)) === whole).toBe(isSame);
      }
    });
  });
});

describe("pictures of the map", () => {
  const name = `<img src=x onerror="alert('hi')">"]; click n0 & more`;

  it("show hostile names as text, and nothing but text", async () => {
    await withMap(aSystem(4, { nameOf: (service) => `${service} ${name}` }), async ({ page, http }) => {
      await page.goto(`${http}/map?group=none`);
      await services(page).getByRole("button").nth(3).waitFor({ state: "attached" });
      const svg = await save(page, "Save as SVG");
      const found = await page.evaluate((text) => {
        const parsed = new DOMParser().parseFromString(text, "image/svg+xml");
        return {
          kinds: [...new Set([...parsed.querySelectorAll("*")].map(({ tagName }) => tagName))].sort(),
          texts: [...parsed.querySelectorAll("text")].map(({ textContent }) => textContent ?? ""),
        };
      }, svg);
      expect(found.kinds).toEqual(["clipPath", "g", "path", "rect", "svg", "text"]);
      expect(found.texts.some((text) => text.startsWith("1 <img src=x"))).toBe(true);
      const mermaid = await save(page, "Save as Mermaid");
      expect(mermaid).toContain("#60;img src=x onerror=#34;alert#40;");
      expect(mermaid.split("\n").every((line) => /^(flowchart|\s+n\d+|\s+classDef|$)/.test(line))).toBe(true);
      expect((await save(page, "Save as PNG")).slice(1, 4)).toBe("PNG");
    });
  });
});

describe.each(["light", "dark"] as const)("the map in %s", (colorScheme) => {
  it("has nothing that axe finds fault with, however it is looked at, at three widths", async () => {
    await withMap(
      orders,
      async ({ page, http }) => {
        const faults: Record<string, string[]> = {};
        const check = async (name: string): Promise<void> => {
          const found = await accessibilityFaults(page);
          if (found.length > 0) faults[name] = found;
        };
        for (const width of [375, 900, 1440]) {
          await page.setViewportSize({ width, height: 800 });
          await page.goto(`${http}/map?group=type&colour=rate&find=o`);
          await rowOf(page, "orders").waitFor({ state: "attached" });
          await page.getByRole("button", { name: "Choose what is shown" }).click();
          await check(`options ${width}`);
          await page.keyboard.press("Escape");
          await page.getByRole("button", { name: "Export" }).click();
          await check(`export ${width}`);
          await page.goto(`${http}/map?split=operation&select=${encodeURIComponent('service("orders")')}`);
          await page.getByRole("slider", { name: "To" }).focus();
          await page.keyboard.press("ArrowLeft");
          await page.locator(".line-chart svg").nth(2).waitFor();
          await check(`drawer ${width}`);
          await page.goto(`${http}/map?form=table&group=type&turned=${encodeURIComponent('["group:Service"]')}`);
          await page.getByRole("button", { name: "Service", expanded: false }).waitFor();
          await check(`table ${width}`);
        }
        expect(faults).toEqual({});
      },
      { colorScheme, reducedMotion: "reduce" },
    );
  });
});

/** The picture as it is now, as one text. */
function picture(page: Page): Promise<string> {
  return page.locator(".map-canvas canvas").evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
}

/** A point of the canvas on the card whose name stands there in the picture that is saved, while all of it is shown. */
async function middleOfCard(page: Page, name: { x: number; y: number }): Promise<{ x: number; y: number }> {
  const svg = await save(page, "Save as SVG");
  const [left, top, width, height] = /viewBox="([^"]+)"/.exec(svg)![1]!.split(" ").map(Number) as [
    number,
    number,
    number,
    number,
  ];
  const canvas = (await page.locator("canvas").boundingBox())!;
  const share = { x: (name.x - left) / width, y: (name.y - top) / height };
  // The picture has a margin of 40, the canvas one of its own: the map fills the canvas from side to side.
  const margin = 40;
  const side = Math.min(48, canvas.width / 12);
  const scale = Math.min(1, (canvas.width - 2 * side) / (width - 2 * margin));
  const mapX = share.x * width - margin - (width - 2 * margin) / 2;
  const mapY = share.y * height - margin - (height - 2 * margin) / 2;
  const room = { top: 50 + side / 2, bottom: 32 + side / 4 };
  return {
    x: canvas.width / 2 + (mapX + 20) * scale,
    y: room.top + (canvas.height - room.top - room.bottom) / 2 + (mapY - 4) * scale,
  };
}
