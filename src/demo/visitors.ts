import type { Log } from "../log.ts";
import { productCount, unpricedProduct } from "./catalog-database.ts";
import type { Chance } from "./chance.ts";
import { mostAtOnce } from "./inventory.ts";

/** One request that a customer makes. */
export interface Errand {
  readonly path: string;
  readonly cookie: string;
}

/** More than this at a time is a queue at the door: the next visitor turns round. */
const mostAtATime = 50;

/** What the next customer wants. Most of it goes well; a little is slow, wrong, too much or hits a bug. */
export function nextErrand(chance: Chance): Errand {
  const cookie = `customer=${chance.between(1, 40)}; tier=${chance.pick(["free", "free", "plus", "business"])}`;
  const product = chance.between(unpricedProduct + 1, productCount);
  const quantity = chance.between(1, 6);
  const dice = chance.next();
  const path =
    dice < 0.25
      ? `/?kind=${chance.pick(["", "lamp", "chair", "rug"])}`
      : dice < 0.5
        ? `/products/${product}`
        : dice < 0.53
          ? `/products/${productCount + product}`
          : `/checkout?${orderOf(chance, product, quantity)}`;
  return { path, cookie };
}

function orderOf(chance: Chance, product: number, quantity: number): URLSearchParams {
  const order = (card: string, id = product, count = quantity): URLSearchParams =>
    new URLSearchParams({ product: String(id), quantity: String(count), card });
  const dice = chance.next();
  if (dice < 0.06) return order("slow");
  if (dice < 0.1) return order("declined");
  if (dice < 0.14) return order("outage");
  if (dice < 0.17) return order("good", unpricedProduct);
  if (dice < 0.22) return order("good", product, quantity + mostAtOnce);
  return order("good");
}

export interface VisitorsOptions {
  readonly shopUrl: string;
  /** Visitors a second; 0 for none. */
  readonly rate: number;
  readonly chance: Chance;
  readonly log: Log;
}

/** Sends customers to the shop at a steady pace until told to stop; `stop` waits for those inside. */
export function sendVisitors({ shopUrl, rate, chance, log }: VisitorsOptions): { stop(): Promise<void> } {
  const inside = new Set<Promise<void>>();
  const come = async (): Promise<void> => {
    const { path, cookie } = nextErrand(chance);
    try {
      const response = await fetch(new URL(path, shopUrl), { headers: { cookie, "user-agent": "demo-visitor" } });
      await response.arrayBuffer();
    } catch (error) {
      log.warn({ path, error: String(error) }, "a visitor did not reach the demo shop");
    }
  };
  const letIn = (): void => {
    if (inside.size >= mostAtATime) return;
    const visit = come().finally(() => inside.delete(visit));
    inside.add(visit);
  };
  const timer = rate > 0 ? setInterval(letIn, 1_000 / rate).unref() : undefined;
  return {
    async stop() {
      clearInterval(timer);
      await Promise.all(inside);
    },
  };
}
