import type { Browser } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { putDocuments } from "../../bench/console/built-server.ts";
import { type Done, doTask } from "../../bench/console/tasks/do-task.ts";
import { aShop, type Shop } from "../../bench/console/tasks/shop.ts";
import { tasks } from "../../bench/console/tasks/table.ts";
import type { Running } from "../../src/up.ts";
import { noBrowserReason, openChromium, startServer } from "./console-browser.ts";

const reason = noBrowserReason();
let browser: Browser;
let server: Running;
let shop: Shop;
beforeAll(async () => {
  if (reason !== undefined) return;
  server = await startServer();
  browser = await openChromium();
  shop = aShop(Date.now() / 1000);
  await putDocuments(server.addresses.http, shop.documents);
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
});
beforeEach(({ skip }) => {
  if (reason !== undefined) skip(reason);
});

const done: Done[] = [];

it.each(tasks)("$name takes at most one click or key more than in Jaeger", async (task) => {
  const result = await doTask(browser, server.addresses.http, shop, task);
  expect(result.oursInAll).toBeGreaterThan(0);
  expect(result.oursInAll - result.jaegers).toBeLessThanOrEqual(1);
  done.push(result);
});

it("at least ten of the twelve take fewer", () => {
  expect(tasks.length).toBe(12);
  expect(done.filter(({ oursInAll, jaegers }) => oursInAll < jaegers).length).toBeGreaterThanOrEqual(10);
});
