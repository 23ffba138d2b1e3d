import { expect, it, vi } from "vitest";
import type { OutboxFigures } from "../forward/outbox-figures.ts";
import { silentLog } from "../log.ts";
import type { DaemonConfig } from "./daemon-config.ts";
import { type DaemonStatus, describeStatus, reasonsOf } from "./daemon-status.ts";
import { readDaemonConfig } from "./read-daemon-config.ts";
import { keepWhatStays, sayReady } from "./say-ready.ts";

const figures = { sent: 6, waiting: 2, spilled: 1 } as OutboxFigures;
const status: DaemonStatus = {
  version: "0.1.0",
  uptimeSeconds: 5,
  addresses: { udp: "127.0.0.1:2000", tcp: "127.0.0.1:2001" },
  counters: { received: 12, accepted: 10, refused: 2, dropped: 0, waiting: 0, stored: 10 },
  problemCounts: {},
  receiver: { maxStallMs: 3, socketBufferBytes: 8_388_608 },
  waysOut: [{ name: "aws eu-west-1", health: { state: "ready" }, figures }],
  troubles: [],
};

function said(): { log: typeof silentLog; lines: () => string[] } {
  const note = vi.fn();
  return { log: { ...silentLog, info: note, warn: note }, lines: () => note.mock.calls.map(([{ text }]) => text) };
}

it("the last lines of a start are the original's and ours", () => {
  const { log, lines } = said();
  sayReady(status, new URL("https://user:secret@xray.eu-west-1.amazonaws.com"), log);
  expect(lines()).toEqual([
    "HTTP Proxy server using X-Ray Endpoint : https://xray.eu-west-1.amazonaws.com",
    "Starting proxy http server on 127.0.0.1:2001",
    "fluoroscope daemon is ready: X-Ray UDP 127.0.0.1:2000, sending to aws eu-west-1",
  ]);
});

it("a new configuration keeps addresses and the spill's folder, and says so", async () => {
  const config = async (...words: string[]): Promise<DaemonConfig> => {
    const order = await readDaemonConfig({ words, environment: {} });
    if (order.kind !== "run") throw new Error(JSON.stringify(order));
    return order.config;
  };
  const before = await config("--spill-dir", "/a");
  const { log, lines } = said();
  const kept = keepWhatStays(before, await config("-b", ":2000", "--spill-dir", "/b", "--concurrency", "3"), log);
  expect(kept).toMatchObject({ udpAddress: before.udpAddress, spillFolder: "/a", concurrency: 3 });
  expect(lines()).toEqual([
    "-b stays 127.0.0.1:2000; start the daemon anew to change it.",
    "--spill-dir stays /a; start the daemon anew to change it.",
  ]);
});

it("a sentence tells of the whole, and of what is amiss", () => {
  expect(describeStatus(status)).toBe("Segments on UDP 127.0.0.1:2000: 12 received; aws eu-west-1: 6 sent, 3 waiting");
  const amiss: DaemonStatus = {
    ...status,
    troubles: ["TCP port 2000 is taken."],
    waysOut: [{ name: "aws eu-west-1", health: { state: "degraded", reason: "The disk is full." }, figures }],
  };
  expect(reasonsOf(amiss)).toEqual(["TCP port 2000 is taken.", "aws eu-west-1: The disk is full."]);
  expect(describeStatus(amiss)).toMatch(/waiting\. TCP port 2000 is taken\. aws eu-west-1: The disk is full$/);
});
