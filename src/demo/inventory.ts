import { setTimeout as delay } from "node:timers/promises";
import type { Log } from "../log.ts";
import type { Chance } from "./chance.ts";
import { type Service, startService } from "./service.ts";

/** More than this at once is turned away with 429. */
export const mostAtOnce = 20;

/** The service that sets goods aside. It throttles those who want a lot. */
export function startInventory(daemonAddress: string, chance: Chance, log: Log): Promise<Service> {
  return startService({
    name: "inventory",
    daemonAddress,
    log,
    async answer({ segment, url }) {
      const quantity = Number(url.searchParams.get("quantity") ?? 1);
      segment.annotate("quantity", quantity);
      if (quantity > mostAtOnce) return { status: 429, body: { message: `At most ${mostAtOnce} at once` } };
      await delay(chance.between(4, 25));
      return { status: 200, body: { reserved: quantity } };
    },
  });
}
