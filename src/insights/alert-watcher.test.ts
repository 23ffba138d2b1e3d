import { expect, it } from "vitest";
import { aDocument } from "../../test/fixtures/builders.ts";
import { silentLog } from "../log.ts";
import { documentInMemory } from "../settings/document-store.ts";
import { type Alert, initialSettings } from "../settings/settings.ts";
import { MemoryStore } from "../store/memory/memory-store.ts";
import { type AlertEvent, watchAlerts } from "./alert-watcher.ts";

const start = 1_700_000_000;

async function watched(alerts: readonly Alert[]) {
  const store = new MemoryStore();
  const events: AlertEvent[] = [];
  let nowMs = (start + 10) * 1000;
  const settings = documentInMemory({ ...initialSettings, alerts });
  const notify = (event: AlertEvent): void => void events.push(event);
  const watcher = watchAlerts({ store, settings, notify, log: silentLog, now: () => nowMs });
  return {
    events,
    watcher,
    async call(number: number, own: object) {
      const traceId = `1-${start.toString(16)}-${number.toString(16).padStart(24, "0")}`;
      const document = aDocument({ trace_id: traceId, start_time: start, end_time: start + 1, ...own });
      await store.append([{ bytes: Buffer.from(document) }]);
    },
    async later(seconds: number) {
      nowMs += seconds * 1000;
      await watcher.watch();
    },
  };
}

it("tells once when a service goes above a limit, and once when it is back", async () => {
  const { events, watcher, call, later } = await watched([{ service: "shop", faultPercent: 20, p95Seconds: 0.5 }]);
  await later(0);
  expect(events).toEqual([]);
  await call(1, { fault: true });
  await call(2, {});
  await later(1);
  await later(1);
  expect(events).toEqual([
    { service: "shop", figure: "faultPercent", value: 50, limit: 20, state: "ALARM" },
    { service: "shop", figure: "p95Seconds", value: 1, limit: 0.5, state: "ALARM" },
  ]);
  await later(600);
  expect(events.slice(2).map(({ figure, state }) => [figure, state])).toEqual([
    ["faultPercent", "OK"],
    ["p95Seconds", "OK"],
  ]);
  await watcher.close();
});

it("says nothing of services without limits, and of those that are at theirs", async () => {
  const { events, watcher, call, later } = await watched([
    { service: "shop", faultPercent: 50, p95Seconds: 1 },
    { service: "other", faultPercent: 0 },
  ]);
  await call(1, { fault: true });
  await call(2, {});
  await call(3, { name: "unwatched", fault: true });
  await later(1);
  expect(events).toEqual([]);
  await watcher.close();
});
