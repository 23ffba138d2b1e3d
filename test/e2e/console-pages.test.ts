import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import type { Running } from "../../src/up.ts";
import { chromiumForTests } from "./chromium-for-tests.ts";
import { accessibilityFaults, openPage, sendDocuments, startServer, type WatchedPage } from "./console-browser.ts";
import { aHistory, putDocuments } from "./console-history.ts";
import { anOrder, aRunningJob } from "./console-traces.ts";
import { differingPixels } from "./differing-pixels.ts";

const browser = chromiumForTests();

interface Given {
  readonly page: Page;
  readonly server: Running;
  readonly open: (path: string) => Promise<unknown>;
}

/** Does something with a page of a fresh server; in the end, nothing may have gone wrong in it. */
async function withPage(use: (given: Given) => Promise<void>, options?: Parameters<typeof openPage>[2]): Promise<void> {
  const server = await startServer();
  let watched: WatchedPage | undefined;
  try {
    watched = await openPage(browser(), server.addresses.http, options);
    const { page, troubles } = watched;
    await use({ page, server, open: (path) => page.goto(server.addresses.http + path) });
    expect(troubles).toEqual([]);
  } finally {
    await watched?.page.context().close();
    await server.close();
  }
}

const own = (page: Page, name: string): string | null => new URL(page.url()).searchParams.get(name);

describe("comparing two traces", () => {
  it("starts from two that are picked, and shows what took longer row by row", async () => {
    await withPage(async ({ page, server, open }) => {
      const [fast, slow] = [anOrder(), anOrder({ fails: true })];
      await sendDocuments(server.addresses.udp, [...fast.documents, ...slow.documents]);
      await open("/compare");
      const a = page.getByRole("region", { name: "Trace A" });
      await a.getByRole("textbox", { name: "Id of a trace" }).fill(fast.id);
      await a.getByRole("button", { name: "Take it" }).click();
      await a.getByRole("link", { name: "GET /cart" }).waitFor();
      await page.getByRole("region", { name: "Trace B" }).getByRole("button", { name: "GET /cart" }).click();
      await page.getByText("Both took as long.").waitFor();
      expect([own(page, "a"), own(page, "b")]).toEqual([fast.id, slow.id]);

      // Nothing took longer; what differs is that one failed.
      const rows = page.getByRole("table", { name: "Comparison" }).getByRole("row");
      await expect.poll(() => rows.locator("b").allTextContents()).toEqual(["web", "orders", "orders"]);
      await page.getByRole("checkbox", { name: "Only what differs" }).uncheck();
      await expect.poll(() => rows.locator("b").allTextContents()).toEqual(["web", "orders", "orders", "orders@db"]);
      await page.getByRole("button", { name: "Swap" }).click();
      await expect.poll(() => own(page, "a")).toBe(slow.id);
      await page.goBack();
      await expect.poll(() => own(page, "a")).toBe(fast.id);
    });
  });

  it("says what only one of them did, and ranks what took longer", async () => {
    await withPage(async ({ page, server, open }) => {
      const [order, job] = [anOrder(), aRunningJob()];
      await sendDocuments(server.addresses.udp, [...order.documents, ...job.documents, job.end]);
      await open(`/compare?a=${order.id}&b=${job.id}`);
      await page.getByText("only in A").first().waitFor();
      expect(await page.getByText("only in B").count()).toBe(1);
      await page.getByRole("button", { name: "Greatest difference first" }).click();
      const first = page.locator(".compared-body [role=row]").first();
      await expect.poll(() => first.locator("b").textContent()).toBe("nightly-job");
      expect(own(page, "order")).toBe("difference");
    });
  });

  it("says so when a trace is not here", async () => {
    const server = await startServer();
    const { page } = await openPage(browser(), server.addresses.http);
    try {
      await page.goto(`${server.addresses.http}/compare?a=1-5759e988-bd862e3fe1be46a994272793`);
      await page.getByRole("heading", { name: "Trace A is not here" }).waitFor();
    } finally {
      await page.context().close();
      await server.close();
    }
  });
});

describe("comparing two sets", () => {
  it("finds the attribute that the failing traces have in common, and leads to them", async () => {
    await withPage(async ({ page, server, open }) => {
      await putDocuments(server.addresses.http, aHistory({ minutes: 10, perMinute: 20, failingMinutes: 5 }));
      await open("/compare?by=sets");
      await page.getByRole("button", { name: "OK and faults" }).click();
      const figures = page.getByRole("table", { name: "Figures of both sets" });
      await figures.getByText("+100 points").waitFor();
      expect([own(page, "filter-a"), own(page, "filter-b")]).toEqual(["ok", "fault"]);
      const tier = page.locator(".attribute-list > li", { hasText: "tier" });
      await tier.getByRole("link", { name: /^plus .*100 %$/ }).click();
      await page.waitForURL("**/traces?*");
      expect(own(page, "filter")).toBe('fault AND annotation.tier = "plus"');
      await page.goBack();

      const filter = page.getByRole("textbox", { name: "Filter of set A" });
      await filter.fill("responsetime >> 1");
      await page.getByText("at character 15").waitFor();
      expect(own(page, "filter-a")).toBe("ok");
    });
  });

  it("has nothing to compare where there is nothing", async () => {
    await withPage(async ({ page, open }) => {
      await open("/compare?by=sets");
      await page.getByText("Neither set has a trace").waitFor();
    });
  });
});

describe("the services", () => {
  it("are listed with their figures, put in order, and told of operation by operation", async () => {
    await withPage(async ({ page, server, open }) => {
      await putDocuments(server.addresses.http, aHistory({ minutes: 10, perMinute: 20, failingMinutes: 5 }));
      await open("/services");
      const table = page.getByRole("table", { name: "Services" });
      await table.getByRole("row", { name: /^orders@db/ }).waitFor();
      await table
        .getByRole("img", { name: /^Calls over time/ })
        .first()
        .waitFor();
      await table.getByRole("button", { name: "Faults" }).click();
      const names = (): Promise<string[]> => table.locator("tbody b").allTextContents();
      await expect.poll(names).toEqual(["orders", "web", "orders@db"]);
      expect(own(page, "sort")).toBe("fault");

      await table.getByRole("button", { name: /^orders\b(?!@)/ }).click();
      const drawer = page.getByRole("complementary", { name: "Service" });
      await drawer.getByRole("table", { name: "Operations" }).getByText("POST /orders").waitFor();
      await page.keyboard.press("Escape");
      await drawer.waitFor({ state: "detached" });
      await page.goBack();
      await expect.poll(() => own(page, "sort")).toBeNull();
    });
  });

  it("are narrowed down by the filter, and say why there are none", async () => {
    await withPage(async ({ page, server, open }) => {
      await sendDocuments(server.addresses.udp, anOrder().documents);
      await open("/services?filter=fault");
      await page.getByText("No trace matches this filter").waitFor();
      await page.getByRole("button", { name: "Drop the filter" }).first().click();
      await page.getByRole("row", { name: /^orders@db/ }).waitFor();
    });
  });
});

describe("insights", () => {
  it("are turned on, open when faults leave their band, and tell whom they touch", async () => {
    await withPage(async ({ page, server, open }) => {
      await putDocuments(server.addresses.http, aHistory({ minutes: 30, perMinute: 24, failingMinutes: 5 }));
      await open("/insights");
      await page.getByRole("button", { name: "Watch all traces" }).click();
      await page.getByText("No insights in this time").waitFor();
      // Minutes are looked at when they are over, every quarter of a minute.
      const insight = page.getByRole("link", { name: /active/ }).first();
      await insight.waitFor({ timeout: 90_000 });
      await insight.click();
      await page.getByRole("heading", { name: /^Faults of orders/ }).waitFor();
      await page.locator(".impact-canvas li.cause", { hasText: "orders" }).waitFor();
      await page.locator(".insight-events li").first().waitFor();
      await page.getByRole("link", { name: "Its failing traces" }).click();
      await page.waitForURL("**/traces?*");
      await page.locator("[data-id]").first().waitFor();
    });
  });
});

describe("the settings", () => {
  it("tell what is kept and how that will go on", async () => {
    await withPage(async ({ page, server, open }) => {
      await putDocuments(server.addresses.http, aHistory({ minutes: 10, perMinute: 6, failingMinutes: 1 }));
      await open("/settings");
      await page.getByText("60 traces, 120 segments").waitFor();
      await page.getByText(/a day; in 7 days at .*, then older traces go/).waitFor();
    });
  });

  it("make, change and delete a sampling rule, and say which rule a request would hit", async () => {
    await withPage(async ({ page, open }) => {
      await open("/settings/sampling");
      await page.getByRole("button", { name: "New rule" }).click();
      const form = page.getByRole("form", { name: "New rule" });
      await form.getByLabel("Name").fill("health");
      await form.getByLabel("Rate, in percent").fill("0");
      await form.getByLabel("Reservoir").fill("0");
      await form.getByLabel("Path").fill("/health*");
      await form.getByRole("button", { name: "Create the rule" }).click();
      const rules = page.getByRole("table", { name: "Sampling rules" });
      const row = rules.getByRole("row", { name: /health/ });
      await expect.poll(() => row.textContent()).toContain("nothing");

      const request = page.getByRole("form", { name: "Request to try" });
      await request.getByLabel("Path").fill("/health/live");
      await page.getByText("health decides, and records nothing").waitFor();
      await request.getByLabel("Path").fill("/cart");
      await page.getByText("Default decides, and records").waitFor();
      await page.getByText("does not fit: path").waitFor();

      await row.getByRole("button", { name: "Edit health" }).click();
      const edited = page.getByRole("form", { name: "Rule health" });
      await edited.getByLabel("Rate, in percent").fill("25");
      await edited.getByRole("button", { name: "Save" }).click();
      await expect.poll(() => row.textContent()).toContain("25 %");
      await row.getByRole("button", { name: "Delete health" }).click();
      await row.getByRole("button", { name: "Delete health" }).click();
      await row.waitFor({ state: "detached" });
    });
  });

  it("make a group of a filter expression, which is checked before it is saved", async () => {
    await withPage(async ({ page, open }) => {
      await open("/settings/groups");
      await page.getByRole("button", { name: "New group" }).click();
      const form = page.getByRole("form", { name: "New group" });
      await form.getByLabel("Name").fill("failing");
      await form.getByLabel("Filter expression").fill("fault AND");
      expect(await form.getByRole("button", { name: "Create the group" }).isDisabled()).toBe(true);
      await form.getByLabel("Filter expression").fill("fault");
      await form.getByLabel("Watch for insights").check();
      await form.getByRole("button", { name: "Create the group" }).click();
      await page
        .getByRole("row", { name: /failing/ })
        .getByRole("link", { name: "failing" })
        .click();
      await page.waitForURL("**/traces?*");
      expect(own(page, "filter")).toBe("fault");
    });
  });

  it("have the problems, and old addresses lead to them", async () => {
    await withPage(async ({ page, server, open }) => {
      await sendDocuments(server.addresses.udp, ["{cut"]);
      await open("/problems");
      await page.waitForURL("**/settings/problems");
      await page.getByRole("heading", { name: "InvalidJson" }).waitFor();
      await open("/setup");
      await page.waitForURL("**/settings/setup");
      await page.getByRole("tab", { name: "Call a URL" }).waitFor();
    });
  });
});

describe("the shell", () => {
  it("goes anywhere from its palette", async () => {
    await withPage(async ({ page, server, open }) => {
      const order = anOrder();
      await sendDocuments(server.addresses.udp, order.documents);
      await open("/services?range=15m");
      await page.getByRole("row", { name: /^orders@db/ }).waitFor();
      const field = page.getByRole("combobox", { name: "Page, service, setting or trace" });

      await page.keyboard.press("Control+k");
      await field.fill("simul");
      await page.keyboard.press("Enter");
      await page.waitForURL("**/settings/sampling?range=15m");
      await page.keyboard.press("Control+k");
      await field.fill("orders@db");
      await page
        .getByRole("option", { name: /^orders@db/ })
        .first()
        .click();
      await page.waitForURL("**/map?*");
      await page.getByRole("button", { name: "Go to, or do" }).click();
      await field.fill(order.id);
      await page.keyboard.press("Enter");
      await page.waitForURL(`**/trace/${order.id}*`);
      await page.keyboard.press("Control+k");
      await field.waitFor();
      await page.keyboard.press("Escape");
      await field.waitFor({ state: "detached" });
    });
  });

  it("remembers theme and contrast, and lets single keys be turned off", async () => {
    await withPage(async ({ page, open }) => {
      await open("/settings/browser");
      const look = (): Promise<unknown> => page.evaluate(() => ({ ...document.documentElement.dataset }));
      await page.getByRole("group", { name: "Theme" }).getByRole("button", { name: "Dark" }).click();
      await page.getByRole("group", { name: "Contrast" }).getByRole("button", { name: "High" }).click();
      expect(await look()).toEqual({ theme: "dark", contrast: "more" });
      await page.reload();
      await page.getByRole("group", { name: "Theme" }).waitFor();
      expect(await look()).toEqual({ theme: "dark", contrast: "more" });

      await page.getByRole("checkbox", { name: /^Single keys/ }).uncheck();
      await page.locator("main").focus();
      await page.keyboard.press("t");
      expect(await look()).toEqual({ theme: "dark", contrast: "more" });
      await page.getByRole("checkbox", { name: /^Single keys/ }).check();
      await page.locator("main").focus();
      await page.keyboard.press("t");
      expect(await look()).toMatchObject({ theme: "light" });
    });
  });

  it("follows the system where nothing was chosen", async () => {
    await withPage(async ({ page, open }) => {
      await page.emulateMedia({ colorScheme: "dark", contrast: "more" });
      await open("/settings/browser");
      await page.getByRole("group", { name: "Theme" }).waitFor();
      const look = (): Promise<unknown> => page.evaluate(() => ({ ...document.documentElement.dataset }));
      expect(await look()).toEqual({ theme: "dark", contrast: "more" });
      await page.emulateMedia({ colorScheme: "light", contrast: "no-preference" });
      await expect.poll(look).toEqual({ theme: "light", contrast: "normal" });
    });
  });

  it("steps back through time and forward to the present", async () => {
    await withPage(async ({ page, open }) => {
      await open("/services?range=15m");
      await page.locator("main").focus();
      await page.keyboard.press("[");
      await expect.poll(() => own(page, "from")).not.toBeNull();
      await page.keyboard.press("]");
      await expect.poll(() => own(page, "range")).toBe("15m");
    });
  });
});

/** Every page of these tests' concern, empty and not, with what shows that it is there. */
const places = (order: string, failing: string): readonly (readonly [path: string, shows: string])[] => [
  ["/compare", "text=Pick a trace"],
  [`/compare?a=${order}&b=${failing}`, ".compare-verdict"],
  [`/compare?a=${order}&b=${failing}&order=difference`, ".compare-verdict"],
  ["/compare?by=sets&filter-a=ok&time-a=1h&filter-b=fault&time-b=1h", ".attribute-list"],
  ["/compare?by=sets&filter-a=throttle&time-a=1h&filter-b=throttle&time-b=1h", "text=Neither set has a trace"],
  ["/services", ".services-table"],
  [`/services?service=${encodeURIComponent('["orders","",""]')}`, ".operations"],
  ["/services?filter=throttle", "text=No trace matches"],
  ["/insights", "text=Nobody watches"],
  ["/settings/storage", "meter"],
  ["/settings/sampling", "text=Which rule"],
  ["/settings/groups", "table"],
  ["/settings/access", "text=None."],
  ["/settings/problems", ".problem"],
  ["/settings/setup", ".snippet"],
  ["/settings/agents", ".snippet"],
  ["/settings/browser", ".choices"],
  ["/nowhere", "text=There is no such page"],
];

/** A server with traces, some of them failing, and a refused document. */
async function filled(server: Running): Promise<readonly (readonly [string, string])[]> {
  const [order, failing] = [anOrder(), anOrder({ fails: true })];
  await putDocuments(server.addresses.http, aHistory({ minutes: 10, perMinute: 12, failingMinutes: 5 }));
  await sendDocuments(server.addresses.udp, [...order.documents, ...failing.documents, '{"name":"nameless <i>"}']);
  return places(order.id, failing.id);
}

const looks = [
  ["light", { colorScheme: "light", contrast: "no-preference" }],
  ["dark", { colorScheme: "dark", contrast: "no-preference" }],
  ["light with more contrast", { colorScheme: "light", contrast: "more" }],
  ["dark with more contrast", { colorScheme: "dark", contrast: "more" }],
] as const;
const widths = [375, 900, 1_440];

describe("every page and state", () => {
  it("has no accessibility violations in any look or width, and never scrolls sideways", async () => {
    await withPage(async ({ page, server, open }) => {
      const faults: string[] = [];
      for (const [path, shows] of await filled(server)) {
        await page.setViewportSize({ width: 1_440, height: 900 });
        await open(path);
        await page.locator(shows).first().waitFor();
        for (const width of widths) {
          await page.setViewportSize({ width, height: 900 });
          for (const [look, media] of looks) {
            await page.emulateMedia(media);
            const found = await accessibilityFaults(page);
            faults.push(...found.map((fault) => `${path}, ${look}, ${width}: ${fault}`));
          }
          if (await isTooWide(page)) faults.push(`${path}, ${width}: scrolls sideways`);
        }
      }
      expect(faults).toEqual([]);
    });
  }, 600_000);

  it("loses nothing at 200 % zoom", async () => {
    await withPage(
      async ({ page, server, open }) => {
        const wide: string[] = [];
        for (const [path, shows] of await filled(server)) {
          await open(path);
          await page.locator(shows).first().waitFor();
          if (await isTooWide(page)) wide.push(path);
        }
        expect(wide).toEqual([]);
      },
      // A window of 1280 by 800, twice as near.
      { viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 },
    );
  }, 300_000);

  it("has no accessibility violations in its palette and its dialogs", async () => {
    await withPage(async ({ page, server, open }) => {
      await filled(server);
      await open("/services");
      await page.locator(".sparkline").first().waitFor();
      const faults: string[] = [];
      for (const [, media] of looks) {
        await page.emulateMedia(media);
        await page.keyboard.press("Control+k");
        await page.getByRole("option").first().waitFor();
        faults.push(...(await accessibilityFaults(page)));
        await page.keyboard.press("Escape");
        // A key that comes before it is closed would be typed into it.
        await page.getByRole("option").first().waitFor({ state: "hidden" });
        await page.keyboard.press("?");
        await page.getByRole("dialog").waitFor();
        faults.push(...(await accessibilityFaults(page)));
        await page.keyboard.press("Escape");
        await page.getByRole("dialog").waitFor({ state: "hidden" });
      }
      expect(faults).toEqual([]);
    });
  }, 300_000);
});

/** Whether something that is not made for it scrolls sideways. */
function isTooWide(page: Page): Promise<boolean> {
  return page.evaluate(() =>
    [document.documentElement, ...document.querySelectorAll("main, .page-scroll, .settings-body, .compare-page")].some(
      (element) => element.scrollWidth > element.clientWidth + 1,
    ),
  );
}

describe("an address", () => {
  it("opened anew shows the same, pixel by pixel", async () => {
    await withPage(async ({ server }) => {
      const { http, udp } = server.addresses;
      const [order, failing] = [anOrder(), anOrder({ fails: true })];
      await putDocuments(http, aHistory({ minutes: 10, perMinute: 6, failingMinutes: 5 }));
      await sendDocuments(udp, [...order.documents, ...failing.documents]);
      // A time that is over: until then, rates fall while one looks at them.
      const endMs = Date.now();
      const [from, to] = [new Date(endMs - 3_600_000).toISOString(), new Date(endMs).toISOString()];
      const time = `from=${from}&to=${to}`;
      const span = `${from}~${to}`;
      const service = encodeURIComponent('["orders","",""]');
      const addresses = [
        `/map?${time}&form=table`,
        `/map?${time}&form=table&filter=fault`,
        `/traces?${time}&filter=${encodeURIComponent('service("orders")')}`,
        `/services?${time}&sort=fault`,
        "/settings/access",
        `/traces?${time}`,
        `/traces?${time}&filter=fault`,
        `/trace/${order.id}`,
        `/trace/${failing.id}`,
        `/trace/${failing.id}?tab=raw`,
        `/compare?${time}`,
        `/compare?a=${order.id}&b=${failing.id}&${time}`,
        `/compare?a=${order.id}&b=${failing.id}&order=difference&${time}`,
        `/compare?by=sets&filter-a=ok&time-a=${span}&filter-b=fault&time-b=${span}`,
        `/services?${time}`,
        `/services?${time}&sort=p95`,
        `/services?${time}&service=${service}`,
        "/insights",
        "/settings/sampling",
        "/settings/groups",
        "/settings/setup",
        "/settings/agents",
      ];
      const differing: string[] = [];
      for (const address of addresses) {
        // Each in a profile of its own: which colour a service has is decided by those that were seen before it.
        const [one, other] = [await openPage(browser(), http), await openPage(browser(), http)];
        await one.page.goto(http + address);
        await settled(one.page);
        await other.page.goto(one.page.url());
        await settled(other.page);
        const look = (each: Page): Promise<Buffer> =>
          each.locator("main").screenshot({ animations: "disabled", caret: "hide" });
        const isSame = await expect
          .poll(async () => differingPixels(one.page, await look(one.page), await look(other.page)), {
            timeout: 20_000,
            interval: 500,
          })
          .toBe(0)
          .then(
            () => true,
            () => false,
          );
        await one.page.context().close();
        if (!isSame) differing.push(address);
        await other.page.context().close();
      }
      expect(differing).toEqual([]);
    });
  }, 400_000);
});

/** Everything that was asked for is there, but for the live stream, which never ends. */
async function settled(page: Page): Promise<void> {
  await page.waitForLoadState("domcontentloaded");
  await page.locator("main").waitFor();
  await expect.poll(() => page.locator("main .skeleton").count(), { timeout: 10_000 }).toBe(0);
  await page.waitForTimeout(400);
}

describe("a server that goes away", () => {
  it("leaves what was loaded, and is found again by itself", async () => {
    const first = await startServer();
    const port = Number(first.addresses.udp.split(":")[1]);
    const { page } = await openPage(browser(), first.addresses.http);
    let second: Running | undefined;
    try {
      await sendDocuments(first.addresses.udp, anOrder().documents);
      await page.goto(`${first.addresses.http}/services`);
      await page.getByRole("row", { name: /^orders@db/ }).waitFor();
      await first.close();
      await page.getByText("fluoroscope does not answer.").waitFor({ timeout: 20_000 });
      expect(await page.getByRole("row", { name: /^orders@db/ }).count()).toBe(1);

      second = await startServer(port);
      await sendDocuments(second.addresses.udp, aRunningJob().documents);
      await page.getByText("fluoroscope does not answer.").waitFor({ state: "hidden", timeout: 20_000 });
      // The new one keeps nothing of the old one's: it is no longer shown as if it did.
      await page.getByRole("row", { name: /^orders@db/ }).waitFor({ state: "detached", timeout: 20_000 });
    } finally {
      await page.context().close();
      await second?.close();
    }
  });
});
