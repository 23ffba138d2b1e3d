import type { Browser } from "playwright-core";
import { countInput, type InputCount } from "./count-input.ts";
import { inputsOf } from "./jaeger-steps.ts";
import type { Shop } from "./shop.ts";
import type { Task } from "./task.ts";

/** A task that was done, and what it took. */
export interface Done {
  readonly task: Task;
  readonly ours: InputCount;
  /** Clicks and keys together. */
  readonly oursInAll: number;
  readonly jaegers: number;
}

/** Does a task in a fresh browser, beginning at the console's first page. */
export async function doTask(browser: Browser, origin: string, shop: Shop, task: Task): Promise<Done> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, acceptDownloads: true });
  try {
    await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin });
    const inputs = await countInput(context);
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    await page.goto(origin);
    await page.locator(".map-page").waitFor();
    await task.run(page, shop);
    const ours = inputs();
    return { task, ours, oursInAll: ours.clicks + ours.keys, jaegers: inputsOf(task.jaeger) };
  } finally {
    await context.close();
  }
}
