import type { Log } from "../log.ts";
import { type Callee, callService } from "./call-service.ts";
import { type Reply, type Service, startService, type Visit } from "./service.ts";

/** The service that customers see. Pages: `/`, `/products/<id>` and `/checkout?product=<id>&quantity=<n>&card=<card>`. */
export function startStorefront(
  daemonAddress: string,
  { catalog, checkout }: { catalog: Callee; checkout: Callee },
  log: Log,
): Promise<Service> {
  const home = (visit: Visit): Promise<Reply> => {
    const kind = encodeURIComponent(visit.url.searchParams.get("kind") ?? "");
    return callService(visit, catalog, `/products?kind=${kind}`);
  };

  const productPage = (visit: Visit, id: string): Promise<Reply> => callService(visit, catalog, `/products/${id}`);

  const buy = async (visit: Visit): Promise<Reply> => {
    const { segment, url } = visit;
    const id = url.searchParams.get("product") ?? "3";
    const quantity = url.searchParams.get("quantity") ?? "1";
    segment.annotate("cart_size", Number(quantity));
    const product = await callService(visit, catalog, `/products/${encodeURIComponent(id)}`);
    if (product.status !== 200) return product;
    const order = new URLSearchParams({ product: id, quantity, card: url.searchParams.get("card") ?? "good" });
    const { price_cents: cents } = product.body as { price_cents: number | null };
    if (cents !== null) order.set("cents", String(cents));
    const sold = await callService(visit, checkout, `/orders?${order}`, "POST");
    return sold.status < 500 ? sold : { status: 502, body: { message: "Sorry, nothing was bought. Try again later" } };
  };

  return startService({
    name: "storefront",
    daemonAddress,
    log,
    async answer(visit) {
      visit.segment.annotate("customer_tier", visit.cookies.get("tier") ?? "guest");
      const [, page = "", id] = visit.url.pathname.split("/");
      if (page === "") return home(visit);
      if (page === "products" && id !== undefined) return productPage(visit, encodeURIComponent(id));
      if (page === "checkout") return buy(visit);
      return { status: 404, body: { message: "No such page" } };
    },
  });
}
