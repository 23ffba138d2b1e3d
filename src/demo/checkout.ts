import { setTimeout as delay } from "node:timers/promises";
import type { Log } from "../log.ts";
import { type Callee, callService } from "./call-service.ts";
import type { Chance } from "./chance.ts";
import { type Service, startService } from "./service.ts";

/** The service that sells: it sets the goods aside, adds up the price and takes the money. */
export function startCheckout(
  daemonAddress: string,
  { inventory, payments }: { inventory: Callee; payments: Callee },
  chance: Chance,
  log: Log,
): Promise<Service> {
  return startService({
    name: "checkout",
    daemonAddress,
    log,
    async answer(visit) {
      const { segment, url } = visit;
      const { product, quantity, card } = readOrder(url);
      segment.annotate("card", card);
      const reserved = await callService(visit, inventory, `/reservations?quantity=${quantity}`, "POST");
      if (reserved.status !== 200) return reserved;

      const pricing = segment.subsegment("add up");
      await delay(chance.between(2, 8));
      let cents: number;
      try {
        cents = totalCents(product, quantity);
      } catch (error) {
        pricing.exception(error);
        throw error;
      } finally {
        pricing.close();
      }

      const paid = await callService(visit, payments, `/charges?card=${card}&cents=${cents}`, "POST");
      if (paid.status >= 500) throw new PaymentError(`The payment service answered ${paid.status}`);
      if (paid.status !== 200) return paid;
      return { status: 200, body: { product: product.id, quantity, cents } };
    },
  });
}

interface Product {
  readonly id: number;
  readonly priceCents: number | undefined;
}

class PriceMissingError extends Error {
  override readonly name = "PriceMissingError";
}

class PaymentError extends Error {
  override readonly name = "PaymentError";
}

function readOrder(url: URL): { product: Product; quantity: number; card: string } {
  const cents = url.searchParams.get("cents");
  return {
    product: { id: Number(url.searchParams.get("product")), priceCents: cents === null ? undefined : Number(cents) },
    quantity: Number(url.searchParams.get("quantity") ?? 1),
    card: url.searchParams.get("card") ?? "good",
  };
}

function totalCents(product: Product, quantity: number): number {
  if (product.priceCents === undefined) throw new PriceMissingError(`Product ${product.id} has no price`);
  return product.priceCents * quantity;
}
