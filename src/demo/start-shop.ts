import { type Log, silentLog } from "../log.ts";
import { startCatalog } from "./catalog.ts";
import { Chance } from "./chance.ts";
import { startCheckout } from "./checkout.ts";
import { startInventory } from "./inventory.ts";
import { startPayments } from "./payments.ts";
import type { Service } from "./service.ts";
import { startStorefront } from "./storefront.ts";
import { sendVisitors } from "./visitors.ts";

export interface ShopOptions {
  /** Where segments go, as in `AWS_XRAY_DAEMON_ADDRESS`. */
  readonly daemonAddress: string;
  /** Visitors a second; 0 for none. */
  readonly rate?: number;
  /** Decides who comes, what they want and how long things take. */
  readonly seed?: number;
  readonly log?: Log;
}

export interface Shop {
  /** The page that visits every service: `/checkout` of the storefront. */
  readonly url: string;
  /** Sends the visitors home, lets running requests end, and closes all services. May be called twice. */
  close(): Promise<void>;
}

/**
 * Starts the demo shop: `storefront` asks `catalog`, which asks a SQL database, and `checkout`, which asks `inventory`
 * and the untraced `payments`. Each is an HTTP service on a loopback port of its own; visitors keep them busy.
 * @example
 * const shop = await startShop({ daemonAddress: "127.0.0.1:2000" });
 * await fetch(shop.url);
 * await shop.close();
 */
export async function startShop(options: ShopOptions): Promise<Shop> {
  const { daemonAddress, rate = 2, seed = 1, log = silentLog } = options;
  const chance = (stream: number): Chance => new Chance(seed * 16 + stream);
  const open: Service[] = [];
  const closeAll = async (): Promise<void> => {
    // Callers first: whoever is called must outlive them.
    for (const service of open.splice(0).reverse()) await service.close();
  };
  const started = async (starting: Promise<Service>): Promise<Service> => {
    const service = await starting;
    open.push(service);
    return service;
  };
  try {
    const payments = await started(startPayments(chance(0)));
    const inventory = await started(startInventory(daemonAddress, chance(1), log));
    const checkout = await started(startCheckout(daemonAddress, { inventory, payments }, chance(2), log));
    const catalog = await started(startCatalog(daemonAddress, log));
    const storefront = await started(startStorefront(daemonAddress, { catalog, checkout }, log));
    await buyUnrecorded(`${storefront.url}/checkout`);
    const visitors = sendVisitors({ shopUrl: storefront.url, rate, chance: chance(3), log });
    return {
      url: `${storefront.url}/checkout`,
      async close() {
        await visitors.stop();
        await closeAll();
      },
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

/** Node loads its HTTP client at the first request: the first purchase that is recorded is to show the shop, not that. */
async function buyUnrecorded(url: string): Promise<void> {
  const response = await fetch(url, { headers: { "X-Amzn-Trace-Id": "Sampled=0" } });
  await response.arrayBuffer();
}
