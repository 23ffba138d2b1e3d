/*
 * How many clicks and keys do twelve usual tasks take, beside Jaeger (bar 31)? Real input in Chromium on a shop of twenty
 * minutes, counted where the browser delivers it; Jaeger's are read off its source, see tasks/jaeger-steps.ts.
 *
 *   npx tsx bench/console/tasks.ts
 */
import { noBrowserReason, openChromium, startServer } from "../../test/e2e/console-browser.ts";
import { putDocuments } from "./built-server.ts";
import { doTask } from "./tasks/do-task.ts";
import { aShop } from "./tasks/shop.ts";
import { tasks } from "./tasks/table.ts";

const reason = noBrowserReason();
if (reason !== undefined) throw new Error(reason);
const server = await startServer();
const browser = await openChromium();
const origin = server.addresses.http;
const shop = aShop(Date.now() / 1000);
await putDocuments(origin, shop.documents);

let fewer = 0;
let mostExtra = Number.NEGATIVE_INFINITY;
console.log(`${"task".padEnd(48)} clicks  keys   all  Jaeger`);
for (const task of tasks) {
  const { ours, oursInAll, jaegers } = await doTask(browser, origin, shop, task);
  if (oursInAll < jaegers) fewer += 1;
  mostExtra = Math.max(mostExtra, oursInAll - jaegers);
  const figures = [ours.clicks, ours.keys, oursInAll, jaegers].map((figure) => String(figure).padStart(6));
  console.log(`${task.name.padEnd(47)}${figures.join("")}   ${task.lacks === undefined ? "" : `lacks ${task.lacks}`}`);
}
console.log(`fewer in ${fewer} of ${tasks.length} (at least 10); at most ${mostExtra} more (at most 1)`);
await browser.close();
await server.close();
