import type { Log } from "../log.ts";
import { openCatalogDatabase } from "./catalog-database.ts";
import { type Reply, type Service, startService, type Visit } from "./service.ts";

const oneProduct = "SELECT id, name, kind, price_cents FROM product WHERE id = ?";
const bestOfKind = `SELECT product.id, name, price_cents, avg(stars) AS stars
  FROM product JOIN review ON product_id = product.id WHERE kind LIKE ? GROUP BY product.id ORDER BY stars DESC LIMIT 12`;

/** The service that knows the products. It asks a SQL database. */
export async function startCatalog(daemonAddress: string, log: Log): Promise<Service> {
  const database = await openCatalogDatabase();

  const answer = async ({ segment, url }: Visit): Promise<Reply> => {
    const [, , id] = url.pathname.split("/");
    if (id === undefined) {
      const kind = url.searchParams.get("kind") ?? "";
      return { status: 200, body: { products: database.query(segment, bestOfKind, `%${kind}%`) } };
    }
    segment.annotate("product_id", Number(id));
    const [product] = database.query(segment, oneProduct, Number(id));
    return product ? { status: 200, body: product } : { status: 404, body: { message: `No product ${id}` } };
  };

  const service = await startService({ name: "catalog", daemonAddress, log, answer });
  return {
    ...service,
    async close() {
      await service.close();
      database.close();
    },
  };
}
