import type { WayOutStatus } from "../forward/outbox-figures.ts";
import type { XrayApi } from "../forward/xray-api.ts";
import { warnOfLeftSpills } from "../spill/warn-of-left-spills.ts";
import type { DaemonConfig } from "./daemon-config.ts";
import { openDestination, type RunningDestination, type Surroundings, spillFolderOf } from "./running-destination.ts";

/** All that a running daemon sends to: each document goes to every one of them. */
export class Destinations {
  readonly #surroundings: Surroundings;
  #running: readonly RunningDestination[];

  private constructor(running: readonly RunningDestination[], surroundings: Surroundings) {
    this.#running = running;
    this.#surroundings = surroundings;
  }

  /** Rejects, with nothing left open, when one of them is configured as it cannot be right. */
  static async open(config: DaemonConfig, surroundings: Surroundings): Promise<Destinations> {
    const { destinations, spillFolder } = config;
    const opened = await openAll(destinations, config, surroundings);
    if (spillFolder !== undefined) {
      const used = destinations.map((text) => spillFolderOf(text, spillFolder));
      await warnOfLeftSpills(spillFolder, used, surroundings.log);
    }
    return new Destinations(opened, surroundings);
  }

  put(documents: readonly Uint8Array[]): void {
    for (const destination of this.#running) destination.put(documents);
  }

  /** The first X-Ray API among them: the one that is asked what clients ask. */
  get api(): XrayApi | undefined {
    return this.#running.find(({ api }) => api !== undefined)?.api;
  }

  status(): readonly WayOutStatus[] {
    return this.#running.map((destination) => destination.status());
  }

  troubles(): readonly string[] {
    return this.#running.flatMap(({ trouble }) => trouble ?? []);
  }

  /**
   * Goes on with another configuration: what is new is opened, what stays is renewed, and what is gone sends what it has
   * until the deadline and leaves the rest on disk. Rejects, and goes on as before, when it cannot be right.
   */
  async reload(config: DaemonConfig, deadlineMs: number): Promise<void> {
    const wanted = [...new Set(config.destinations)];
    const isWanted = ({ text }: RunningDestination): boolean => wanted.includes(text);
    const before = this.#running;
    const renewals = await Promise.all(before.filter(isWanted).map((destination) => destination.prepare(config)));
    const fresh = await openAll(
      wanted.filter((text) => !before.some((destination) => destination.text === text)),
      config,
      this.#surroundings,
    );
    await Promise.all(renewals.map((renew) => renew()));
    const all = [...before, ...fresh];
    this.#running = wanted.map((text) => all.find((destination) => destination.text === text)!);
    await closeAll(
      before.filter((destination) => !isWanted(destination)),
      deadlineMs,
    );
  }

  /** May be called twice. */
  close(deadlineMs: number): Promise<void> {
    return closeAll(this.#running, deadlineMs);
  }
}

async function openAll(
  texts: readonly string[],
  config: DaemonConfig,
  surroundings: Surroundings,
): Promise<RunningDestination[]> {
  const results = await Promise.allSettled(
    [...new Set(texts)].map((text) => openDestination(text, config, surroundings)),
  );
  const failed = results.find((result) => result.status === "rejected");
  const opened = results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  if (failed === undefined) return opened;
  await closeAll(opened, 0);
  throw failed.reason;
}

async function closeAll(destinations: readonly RunningDestination[], deadlineMs: number): Promise<void> {
  await Promise.all(destinations.map((destination) => destination.close(deadlineMs)));
}
