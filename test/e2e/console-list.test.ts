import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import type { Running } from "../../src/up.ts";
import { chromiumForTests } from "./chromium-for-tests.ts";
import { accessibilityFaults, openPage, sendDocuments, startServer, type WatchedPage } from "./console-browser.ts";
import { anOrder, aRunningJob, type SentTrace } from "./console-traces.ts";

const browser = chromiumForTests();

interface Given {
  readonly page: Page;
  readonly server: Running;
  readonly send: (...traces: readonly SentTrace[]) => Promise<void>;
}

/** Does something with the page of traces of a fresh server; in the end, nothing may have gone wrong in it. */
async function withTraces(
  sent: readonly SentTrace[],
  use: (given: Given) => Promise<void>,
  options: Parameters<typeof openPage>[2] = {},
): Promise<void> {
  const server = await startServer();
  const send = (...traces: readonly SentTrace[]) =>
    sendDocuments(
      server.addresses.udp,
      traces.flatMap(({ documents }) => documents),
    );
  let watched: WatchedPage | undefined;
  try {
    await send(...sent);
    watched = await openPage(browser(), server.addresses.http, options);
    await watched.page.goto(`${server.addresses.http}/traces`);
    await watched.page.locator("[data-id]").first().waitFor();
    await use({ page: watched.page, server, send });
    expect(watched.troubles).toEqual([]);
  } finally {
    await watched?.page.context().close();
    await server.close();
  }
}

const orders = (count: number, options: Parameters<typeof anOrder>[0] = {}): SentTrace[] =>
  Array.from({ length: count }, () => anOrder(options));
const filterOf = (page: Page): string | null => new URL(page.url()).searchParams.get("filter");
const count = (page: Page, text: string) => page.locator(".traces-count", { hasText: text }).waitFor();

describe("the list", () => {
  it("lets newcomers wait behind a button, and follows changes of those it shows", async () => {
    const job = aRunningJob();
    await withTraces([job], async ({ page, server, send }) => {
      await page.locator(".tag", { hasText: "in progress" }).waitFor();
      await page.waitForTimeout(300);
      await send(anOrder({ path: "/late" }));
      const button = page.getByRole("button", { name: "1 new" });
      await button.waitFor({ timeout: 5_000 });
      expect(await page.locator("[data-id]").count()).toBe(1);
      await sendDocuments(server.addresses.udp, [job.end]);
      await page.locator(".tag", { hasText: "in progress" }).waitFor({ state: "detached", timeout: 5_000 });
      await button.click();
      await page.getByRole("link", { name: "GET /late" }).waitFor();
      expect(await page.locator("[data-id]").count()).toBe(2);
    });
  });

  it("takes newcomers in by itself while it follows", async () => {
    await withTraces(orders(1), async ({ page, send }) => {
      await page.keyboard.press("f");
      await page.locator(".follow[aria-pressed=true]").waitFor();
      await page.waitForTimeout(300);
      for (const path of ["/one", "/two"]) {
        await send(anOrder({ path }));
        await page.getByRole("link", { name: `GET ${path}` }).waitFor({ timeout: 5_000 });
      }
      expect(await page.getByRole("button", { name: / new$/ }).count()).toBe(0);
      await page.reload();
      await page.locator(".follow[aria-pressed=true]").waitFor();
    });
  });

  it("is walked with j and k, opened with Enter, and loads page after page", async () => {
    const many = Array.from({ length: 150 }, (_, number) => anOrder({ path: `/cart/item-${number}` }));
    await withTraces(many, async ({ page }) => {
      await count(page, "150 traces");
      const list = page.getByRole("table", { name: "Traces" });
      expect(await list.getAttribute("aria-rowcount")).toBe("-1");
      await list.evaluate((table) => table.scrollTo(0, table.scrollHeight));
      await page.locator("table[aria-rowcount='151']").waitFor();
      await list.evaluate((table) => table.scrollTo(0, 0));
      // What is not seen is not there.
      expect(await page.locator("[data-id]").count()).toBeLessThan(60);

      const focused = () => page.evaluate(() => (document.activeElement as HTMLElement).dataset.id);
      await page.keyboard.press("j");
      const first = await expect.poll(focused).not.toBeUndefined().then(focused);
      await page.keyboard.press("j");
      await expect.poll(focused).not.toBe(first);
      await page.keyboard.press("k");
      await expect.poll(focused).toBe(first);
      await page.keyboard.press("Enter");
      await page.waitForURL(`**/trace/${first}`);
    });
  });

  it("stands in the order of durations when asked, the slowest of all first", async () => {
    const slow = aRunningJob();
    await withTraces([slow, ...orders(5)], async ({ page, server }) => {
      await sendDocuments(server.addresses.udp, [{ ...slow.end, end_time: Date.now() / 1000 + 5 }]);
      await page.getByRole("button", { name: "Duration" }).click();
      await page.waitForURL("**/traces?order=slowest");
      await page.locator("th[aria-sort=descending]", { hasText: "Duration" }).waitFor();
      await expect.poll(() => page.locator("[data-id]").first().textContent()).toBe("nightly-job");
    });
  });

  it("gives two picked traces to comparing", async () => {
    await withTraces(orders(3), async ({ page }) => {
      const focused = () => page.evaluate(() => (document.activeElement as HTMLElement).dataset.id);
      await page.keyboard.press("j");
      const first = await expect.poll(focused).not.toBeUndefined().then(focused);
      await page.keyboard.press("x");
      await page.getByText("One picked").waitFor();
      await page.keyboard.press("j");
      await expect.poll(focused).not.toBe(first);
      const second = await focused();
      await page.keyboard.press("x");
      await page.getByRole("button", { name: "Compare the two" }).waitFor();
      await page.keyboard.press("c");
      await page.waitForURL("**/compare?*");
      const { searchParams } = new URL(page.url());
      expect([searchParams.get("a"), searchParams.get("b")]).toEqual([first, second]);
    });
  });
});

describe("the heatmap", () => {
  it("narrows time and duration down by dragging, which can be taken back", async () => {
    await withTraces(orders(5), async ({ page }) => {
      await count(page, "5 traces");
      const plot = (await page.locator(".heatmap canvas").boundingBox())!;
      await page.mouse.move(plot.x + plot.width - 3, plot.y + 8);
      await page.mouse.down();
      await page.mouse.move(plot.x + plot.width / 2, plot.y + plot.height - 24, { steps: 4 });
      await page.locator(".heat-hint", { hasText: "5 traces" }).waitFor();
      await page.mouse.up();
      await page.waitForURL("**/traces?*from=*");
      expect(filterOf(page)).toMatch(/^duration (>=|<) [\d.]+/);
      await page.locator("[data-id]").nth(4).waitFor();
      await page.goBack();
      await page.waitForURL(/\/traces$/);
    });
  });

  it("does the same with its handles and the keyboard alone", async () => {
    await withTraces(orders(5), async ({ page }) => {
      await count(page, "5 traces");
      const handle = page.getByRole("slider", { name: "Shortest duration" });
      await handle.focus();
      const before = await handle.getAttribute("aria-valuetext");
      await page.keyboard.press("ArrowUp");
      await expect.poll(() => handle.getAttribute("aria-valuetext")).not.toBe(before);
      await page.locator(".heat-hint", { hasText: "5 traces" }).waitFor();
      await page.keyboard.press("Enter");
      await page.waitForURL("**/traces?filter=*");
      expect(filterOf(page)).toMatch(/^duration >= [\d.]+/);
    });
  });
});

describe("the attributes", () => {
  it("say how many traces have which value, and include and exclude them", async () => {
    await withTraces([...orders(4), ...orders(2, { fails: true }), aRunningJob()], async ({ page }) => {
      const attributes = page.getByRole("complementary", { name: "Attributes" });
      await attributes.getByRole("button", { name: /^nightly-job\s*1/ }).waitFor();
      await attributes.getByRole("button", { name: /^500\s*2/ }).click();
      await expect.poll(() => filterOf(page)).toBe("http.status = 500");
      await attributes
        .getByRole("button", { name: /TypeError: no price for <b>lamp<\/b>/ })
        .first()
        .waitFor();
      await page.locator("table[aria-rowcount='3']").waitFor();
      await attributes.getByRole("button", { name: /^500\s*2/ }).click();
      await expect.poll(() => filterOf(page)).toBeNull();
      await attributes.getByRole("button", { name: "Exclude orders", exact: true }).click();
      await expect.poll(() => filterOf(page)).toBe('!service("orders")');
      await page.locator("table[aria-rowcount='2']").waitFor();
    });
  });
});

describe("the filter", () => {
  it("is saved as an X-Ray group, chosen, changed and deleted", async () => {
    await withTraces(orders(2, { fails: true }), async ({ page, server }) => {
      const groups = async () => {
        const answer = await fetch(`${server.addresses.http}/Groups`, { method: "POST", body: "{}" });
        const { Groups } = (await answer.json()) as { Groups: { GroupName: string; FilterExpression?: string }[] };
        return Groups.flatMap(({ GroupName, FilterExpression }) =>
          FilterExpression ? [[GroupName, FilterExpression]] : [],
        );
      };
      await page.getByRole("button", { name: "Faults" }).click();
      await page.getByRole("button", { name: "Saved filters" }).click();
      await page.getByRole("textbox", { name: "Save the present filter as" }).fill("broken");
      await page.keyboard.press("Enter");
      await page.getByRole("button", { name: "Saved filters: broken" }).waitFor();
      expect(await groups()).toEqual([["broken", "fault"]]);
      await page.keyboard.press("Escape");

      await page.getByRole("button", { name: "Over 1 s" }).click();
      await page.getByText("No trace matches all of this").waitFor();
      await page.getByRole("button", { name: "Saved filters" }).click();
      await page.getByRole("button", { name: "Update" }).click();
      await expect.poll(groups).toEqual([["broken", "fault AND responsetime > 1"]]);
      await page.getByRole("button", { name: "Delete broken" }).click();
      // It asks once more, in its place.
      await page.getByText("Delete broken", { exact: true }).click();
      await expect.poll(groups).toEqual([]);
    });
  });

  it("that finds nothing says which clause removed everything, and drops it", async () => {
    await withTraces(orders(3), async ({ page }) => {
      await page.getByRole("combobox", { name: "Filter expression" }).fill('service("orders") AND user = "nobody"');
      await page.keyboard.press("Escape");
      await page.keyboard.press("Enter");
      const explained = page.locator(".explained li");
      await explained.first().waitFor();
      expect(await explained.count()).toBe(1);
      expect(await explained.textContent()).toContain('user = "nobody"');
      expect(await explained.textContent()).toContain("3 traces without it");
      await explained.getByRole("button", { name: "Drop it" }).click();
      await expect.poll(() => filterOf(page)).toBe('service("orders")');
      await page.locator("[data-id]").nth(2).waitFor();
    });
  });

  it("completes values that the list has not loaded", async () => {
    const rare = anOrder();
    const [web] = rare.documents as [{ annotations: object }];
    const tagged = {
      ...rare,
      documents: [{ ...web, annotations: { tenant: "acme-rare" } }, ...rare.documents.slice(1)],
    };
    await withTraces([tagged, ...orders(120)], async ({ page }) => {
      await page.getByRole("combobox", { name: "Filter expression" }).click();
      await page.keyboard.type("annotation.tenant = ");
      await page.getByRole("option", { name: "acme-rare" }).waitFor();
    });
  });
});

describe("the live stream", () => {
  it("is one for all tabs, and goes over to another tab when its holder is closed", async () => {
    await withTraces(orders(1), async ({ page, server, send }) => {
      const { http } = server.addresses;
      const streams = async (): Promise<number> => {
        const metrics = await (await fetch(`${http}/metrics`)).text();
        return Number(/^fluoroscope_live_streams (\d+)/m.exec(metrics)?.[1]);
      };
      const other = await page.context().newPage();
      await other.goto(`${http}/traces`);
      await other.locator("[data-id]").first().waitFor();
      await expect.poll(streams).toBe(1);
      await other.waitForTimeout(300);
      await send(anOrder({ path: "/late" }));
      for (const tab of [page, other]) await tab.getByRole("button", { name: "1 new" }).waitFor({ timeout: 5_000 });
      await other.close();
      await expect.poll(streams).toBe(1);
      await send(anOrder({ path: "/later" }));
      await page.getByRole("button", { name: "2 new" }).waitFor({ timeout: 5_000 });
    });
  });
});

describe("the page of traces", () => {
  it.each([
    ["light", 375],
    ["dark", 900],
    ["light", 1440],
    ["dark", 1440],
  ] as const)("has no accessibility faults in the %s theme at %i pixels", async (colorScheme, width) => {
    await withTraces(
      [...orders(6), ...orders(3, { fails: true }), aRunningJob()],
      async ({ page }) => {
        await page.locator(".heatmap canvas").waitFor();
        if (width < 1_000) await page.getByRole("button", { name: "Attributes" }).click();
        await page.locator(".facet-row").first().waitFor();
        expect(await accessibilityFaults(page)).toEqual([]);
      },
      { colorScheme, viewport: { width, height: 850 } },
    );
  });
});
