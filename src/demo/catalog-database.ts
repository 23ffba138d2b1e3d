import type { SegmentRecorder } from "../call/segment-recorder.ts";
import { type Database, loadDriver } from "../store/embedded/driver.ts";
import { Chance } from "./chance.ts";

/** The catalog's SQL database: SQLite in memory, asked through recorded queries. */
export interface CatalogDatabase {
  /** Runs a SELECT under a subsegment that says which. */
  query(caller: SegmentRecorder, sql: string, ...values: readonly (string | number)[]): readonly Row[];
  close(): void;
}

type Row = Readonly<Record<string, string | number | null>>;

/** A product that someone forgot to price: whoever buys it meets a bug. */
export const unpricedProduct = 13;
export const productCount = 400;

const schema = `
  CREATE TABLE product (id INTEGER PRIMARY KEY, name TEXT NOT NULL, kind TEXT NOT NULL, price_cents INTEGER);
  CREATE TABLE review (product_id INTEGER NOT NULL REFERENCES product, stars INTEGER NOT NULL);
  CREATE INDEX review_product ON review (product_id);
`;
const kinds = ["lamp", "chair", "table", "shelf", "mirror", "rug", "clock", "vase"];
const looks = ["plain", "tall", "oak", "brass", "woven", "folding", "round", "blue"];
const reviewsEach = 12;

/** Opens the database and fills it with the same products every time. */
export async function openCatalogDatabase(): Promise<CatalogDatabase> {
  const open = await loadDriver();
  const database = open(":memory:");
  fill(database);
  const { version } = database.prepare("SELECT sqlite_version() AS version").get() as { version: string };
  const about = { url: "sqlite://catalog-db/shop", database_type: "SQLite", database_version: version };
  let isOpen = true;
  return {
    query(caller, sql, ...values) {
      const call = caller.subsegment("shop@catalog-db", {
        namespace: "remote",
        sql: { ...about, sanitized_query: sql },
      });
      try {
        return database.prepare(sql).all(...values) as Row[];
      } catch (error) {
        call.exception(error);
        throw error;
      } finally {
        call.close();
      }
    },
    close() {
      if (isOpen) database.close();
      isOpen = false;
    },
  };
}

function fill(database: Database): void {
  const chance = new Chance(1);
  database.exec(`${schema} BEGIN;`);
  const product = database.prepare("INSERT INTO product VALUES (?, ?, ?, ?)");
  const review = database.prepare("INSERT INTO review VALUES (?, ?)");
  for (let id = 1; id <= productCount; id++) {
    const kind = chance.pick(kinds);
    product.run(
      id,
      `${chance.pick(looks)} ${kind}`,
      kind,
      id === unpricedProduct ? null : chance.between(5, 400) * 100,
    );
    for (let i = 0; i < reviewsEach; i++) review.run(id, chance.between(1, 5));
  }
  database.exec("COMMIT");
}
