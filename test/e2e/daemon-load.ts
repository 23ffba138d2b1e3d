import { expect } from "vitest";
import { aDocument, anId } from "../fixtures/builders.ts";
import type { FakeUpstream } from "../fixtures/fake-upstream.ts";
import type { RunningDaemon } from "./running-daemon.ts";

/** Documents that are told apart by their segment ids. */
export interface Documents {
  readonly ids: readonly string[];
  readonly datagrams: readonly string[];
}

export const header = '{"format":"json","version":1}\n';

/** So many documents, of about `bytes` each. */
export function documents(count: number, bytes = 1_000): Documents {
  const ids = Array.from({ length: count }, anId);
  const text = "x".repeat(Math.max(0, bytes - 150));
  return { ids, datagrams: ids.map((id) => header + aDocument({ id, metadata: { text } })) };
}

/** Sends them evenly at about this rate, so that no socket's buffer is what decides. */
export async function sendEvenly(daemon: RunningDaemon, { datagrams }: Documents, perSecond: number): Promise<void> {
  const startMs = performance.now();
  for (let sent = 0; sent < datagrams.length; ) {
    const due = Math.ceil(((performance.now() - startMs) / 1_000) * perSecond);
    const until = Math.min(datagrams.length, Math.max(due, sent));
    // After a pause of this process no more than what a stock buffer holds.
    const part = datagrams.slice(sent, Math.min(until, sent + 50));
    await daemon.send(...part);
    sent += part.length;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** Waits until all of them have reached the upstream, but for those that the system itself lost before they could be read. */
export async function expectDelivered(
  daemon: RunningDaemon,
  upstream: FakeUpstream,
  { ids }: Pick<Documents, "ids">,
  { withinMs = 90_000 } = {},
): Promise<void> {
  const lost = (await daemon.figures()).total("udp_lost_total");
  await expect.poll(() => upstream.missing(ids), { timeout: withinMs, interval: 100 }).toBe(lost);
}

/** Waits until the daemon has dealt with all that it was sent, one way or the other, and nothing waits in it. */
export async function expectSettled(daemon: RunningDaemon, { withinMs = 90_000 } = {}): Promise<void> {
  const left = async (): Promise<number> => {
    const { atDoor, waiting, spilled } = await daemon.figures();
    return atDoor + waiting + spilled;
  };
  await expect.poll(left, { timeout: withinMs, interval: 100 }).toBe(0);
}

/** Waits until so many datagrams have come in, or were lost by the system. */
export async function expectReceived(daemon: RunningDaemon, count: number): Promise<void> {
  const seen = async (): Promise<number> => {
    const figures = await daemon.figures();
    return figures.received + figures.total("udp_lost_total");
  };
  await expect.poll(seen, { timeout: 30_000, interval: 50 }).toBe(count);
}
