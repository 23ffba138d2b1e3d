import type { OpenedWayOut } from "../forward/open-way-out.ts";
import type { WayOut } from "../forward/way-out.ts";
import type { XrayApi } from "../forward/xray-api.ts";

/**
 * A way out of which the inside can be changed while it is used, as for new credentials. What is under way ends on the old
 * one, which is closed after it.
 */
export class RenewableWayOut {
  /** For an outbox, which may end its work with it, but not close what others use too. */
  readonly wayOut: WayOut;
  /** The X-Ray API behind it, as long as there is one. */
  readonly api: XrayApi | undefined;
  #current: OpenedWayOut;
  readonly #underWay: Map<OpenedWayOut, number> = new Map();

  constructor(opened: OpenedWayOut) {
    this.#current = opened;
    const current = (): OpenedWayOut => this.#current;
    this.wayOut = {
      get name() {
        return current().wayOut.name;
      },
      send: (documents, signal) => this.#use(({ wayOut }) => wayOut.send(documents, signal)),
      close: () => Promise.resolve(),
    };
    if (opened.api === undefined) return;
    this.api = {
      get name() {
        return current().api!.name;
      },
      get endpoint() {
        return current().api!.endpoint;
      },
      request: (request) => this.#use(({ api }) => api!.request(request)),
      close: () => Promise.resolve(),
    };
  }

  /** From now on this one is used. It must be of the same kind: with an X-Ray API where the old one has one. */
  async renew(opened: OpenedWayOut): Promise<void> {
    const old = this.#current;
    this.#current = opened;
    await this.#closeUnused(old);
  }

  /** Requests under way are not waited for. May be called twice. */
  async close(): Promise<void> {
    await Promise.all([this.#current, ...this.#underWay.keys()].map(({ wayOut }) => wayOut.close()));
  }

  async #use<T>(ask: (opened: OpenedWayOut) => Promise<T>): Promise<T> {
    const used = this.#current;
    this.#underWay.set(used, (this.#underWay.get(used) ?? 0) + 1);
    try {
      return await ask(used);
    } finally {
      const left = this.#underWay.get(used)! - 1;
      if (left > 0) this.#underWay.set(used, left);
      else this.#underWay.delete(used);
      if (used !== this.#current) await this.#closeUnused(used);
    }
  }

  async #closeUnused(opened: OpenedWayOut): Promise<void> {
    if (!this.#underWay.has(opened)) await opened.wayOut.close();
  }
}
