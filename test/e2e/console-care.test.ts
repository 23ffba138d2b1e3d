import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { chromiumForTests } from "./chromium-for-tests.ts";
import { accessibilityFaults, openPage, sendDocuments, startServer, type WatchedPage } from "./console-browser.ts";
import { anOrder } from "./console-traces.ts";

const browser = chromiumForTests();

interface Given {
  readonly page: Page;
  readonly origin: string;
  readonly send: (...orders: readonly { readonly documents: readonly object[] }[]) => Promise<void>;
}

/** Does something with a page of a fresh server; in the end, nothing may have gone wrong in it. */
async function withPage(use: (given: Given) => Promise<void>, mayHappen?: RegExp): Promise<void> {
  const server = await startServer();
  const { http: origin, udp } = server.addresses;
  let watched: WatchedPage | undefined;
  try {
    watched = await openPage(browser(), origin);
    const send: Given["send"] = (...orders) =>
      sendDocuments(
        udp,
        orders.flatMap(({ documents }) => documents),
      );
    await use({ page: watched.page, origin, send });
    expect(watched.troubles.filter((trouble) => !mayHappen?.test(trouble))).toEqual([]);
  } finally {
    await watched?.page.context().close();
    await server.close();
  }
}

it("a trace is deleted once its reader has seen what goes, and is gone from the list", async () => {
  await withPage(async ({ page, origin, send }) => {
    const [one, other] = [anOrder(), anOrder({ path: "/other" })];
    await send(one, other);
    await page.goto(`${origin}/traces`);
    await page.locator(`[data-id="${one.id}"]`).click();
    await page.getByRole("button", { name: "Delete this trace …" }).click();
    await page.getByText("goes from the lists").waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByRole("button", { name: "Keep it" }).click();
    await page.getByRole("button", { name: "Delete this trace …" }).click();
    await page.getByRole("button", { name: "Delete this trace", exact: true }).click();
    await page.locator(`[data-id="${other.id}"]`).waitFor();
    await expect.poll(() => page.locator(".trace-row").count(), { timeout: 15_000 }).toBe(1);
    // The live stream may tell the trace's page, before it is left, that something is gone: it asks again, and finds nothing.
  }, /status of 404/);
});

it("all traces are removed from the settings, which say how many there are", async () => {
  await withPage(async ({ page, origin, send }) => {
    await send(anOrder(), anOrder());
    await page.goto(`${origin}/settings/storage`);
    await page.getByRole("button", { name: "Remove all traces …" }).click();
    await page.getByText("all of them go").waitFor();
    expect(await page.locator(".confirm-panel b").textContent()).toBe("2 traces");
    await page.getByRole("button", { name: "Remove all traces", exact: true }).click();
    await page.getByText("0 traces, 0 segments").waitFor();
  });
});

it("a saved filter asks once more before it goes", async () => {
  await withPage(async ({ page, origin, send }) => {
    await send(anOrder({ fails: true }));
    await page.goto(`${origin}/traces?filter=fault`);
    await page.getByRole("button", { name: "Saved filters" }).click();
    await page.getByLabel("Save the present filter as").fill("failing");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByRole("button", { name: "Delete failing" }).click();
    const sure = page.getByRole("button", { name: "Delete failing" });
    expect(await sure.textContent()).toBe("Delete failing");
    await sure.click();
    await page.getByText("No filter is saved yet").waitFor();
  });
});

it("a group is a filter by its name", async () => {
  await withPage(async ({ page, origin, send }) => {
    const [fine, failing] = [anOrder(), anOrder({ fails: true })];
    await send(fine, failing);
    const group = { GroupName: "failing", FilterExpression: "fault" };
    await fetch(`${origin}/CreateGroup`, { method: "POST", body: JSON.stringify(group) });
    await page.goto(`${origin}/traces`);
    const filter = page.getByRole("combobox", { name: "Filter expression" });
    await filter.pressSequentially("group.name = ");
    await page.getByRole("option", { name: /failing/ }).click();
    await filter.press("Enter");
    await expect.poll(() => page.locator(".trace-row").count(), { timeout: 15_000 }).toBe(1);
    expect(await page.locator(".trace-row a").getAttribute("data-id")).toBe(failing.id);
  });
});

it("a service above its limit is marked, until the limit is taken away", async () => {
  await withPage(async ({ page, origin, send }) => {
    await send(anOrder(), anOrder({ fails: true }));
    await page.goto(`${origin}/services`);
    const orders = page.locator("th", { hasText: "orders" }).getByRole("button").first();
    await page.locator(".service-name", { hasText: /^ordersService/ }).click();
    const faults = page.getByLabel("Faults, percent");
    await faults.fill("20");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("faults over 20 %").waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.reload();
    await page.getByText("faults over 20 %").waitFor();
    await orders.waitFor();
    await faults.fill("");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("faults over 20 %").waitFor({ state: "detached" });
  });
});

it("lines of a stack lead to their source once this browser knows how, and nowhere before", async () => {
  await withPage(async ({ page, origin, send }) => {
    const failing = anOrder({ fails: true });
    await send(failing);
    const stack = page.locator(".stack");
    const openStack = async (): Promise<void> => {
      await page.goto(`${origin}/trace/${failing.id}`);
      await page.locator(".waterfall").getByRole("row").filter({ hasText: "POST /orders" }).last().click();
      await stack.waitFor();
    };
    await openStack();
    expect(await stack.getByRole("link").count()).toBe(0);
    await page.goto(`${origin}/settings/browser`);
    const template = page.getByLabel("Lines of a stack lead to");
    await template.fill("javascript:alert(1)//{file}");
    expect(await template.getAttribute("aria-invalid")).toBe("true");
    await template.fill("https://git.example/shop/{file}#L{line}");
    await openStack();
    expect(await stack.getByRole("link").getAttribute("href")).toBe("https://git.example/shop/orders.ts#L42");
  });
});

it("who has a file of traces already brings it in on the first page", async () => {
  await withPage(async ({ page, origin }) => {
    await page.goto(origin);
    const order = anOrder();
    await page.getByLabel("File of traces").setInputFiles({
      name: "order.ndjson",
      mimeType: "application/json",
      buffer: Buffer.from(order.documents.map((document) => JSON.stringify(document)).join("\n")),
    });
    await page.waitForURL(new RegExp(order.id));
    await page.getByRole("heading", { name: /GET/ }).waitFor();
  });
});
