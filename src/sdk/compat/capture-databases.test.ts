import { EventEmitter } from "node:events";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { serveTcp, type TestServer } from "../../../test/fixtures/http-servers.ts";
import { captureMySQL } from "./capture-mysql.ts";
import { capturePostgres } from "./capture-postgres.ts";
import { enableAutomaticMode, enableManualMode, runWithinSegment } from "./context.ts";
import { setContextMissingStrategy } from "./context-missing.ts";
import { setLogger } from "./logger.ts";
import { Segment } from "./segment.ts";

setLogger({ debug() {}, info() {}, warn() {}, error() {} });
setContextMissingStrategy("IGNORE_ERROR");

let segment: Segment;
let server: TestServer;

beforeAll(async () => {
  server = await serveTcp((socket) => socket.on("data", () => socket.destroy()));
});

afterAll(() => server.close());

beforeEach(() => {
  enableAutomaticMode();
  segment = new Segment("shop");
  segment.notTraced = true;
});

/** A client of pg's own whose server hangs up: its queries fail in pg's own ways. */
function hungUpOn(): pg.Client {
  capturePostgres(pg as never);
  const client = new pg.Client({ host: "localhost", database: "leaves", user: "tea", port: server.port });
  client.on("error", () => undefined);
  client.connect().catch(() => undefined);
  return client;
}

const onlyQuery = () => segment.subsegments?.[0];

it("a PostgreSQL query whose promise fails ends, with the error", async () => {
  const client = hungUpOn();
  const asked = runWithinSegment(segment, () => client.query("select 1"));
  await expect(asked).rejects.toThrow();
  expect(segment.counter).toBe(0);
  expect(onlyQuery()).toMatchObject({ name: "leaves@localhost", namespace: "remote", fault: true });
});

it.each([[[]], [[[1]]]])("in manual mode a segment comes after the callback, with values %j", async (values) => {
  enableManualMode();
  const client = hungUpOn();
  const query = client.query as (...args: unknown[]) => void;
  const asked = new Promise((resolve) => query.call(client, "select $1", ...values, resolve, segment));
  expect(await asked).toBeInstanceOf(Error);
  expect(segment.counter).toBe(0);
  expect(onlyQuery()).toMatchObject({
    fault: true,
    sql: { url: `postgresql://localhost:${server.port}/leaves`, user: "tea" },
  });
});

it("without a segment a query is asked as it would be", async () => {
  const client = hungUpOn();
  const asked = client.query("select 1");
  await expect(asked).rejects.toThrow();
});

/** `mysql2/promise`, as far as it is looked at. */
function promises(answer: Promise<unknown>) {
  const config = { host: "db", database: "leaves", user: "tea", port: 3306 };
  const connection = { config, query: () => answer, execute: () => answer };
  return captureMySQL({
    createConnection: async () => ({ connection, query: () => connection.query() }),
    createPool: () => ({ pool: { config: { connectionConfig: config } }, query: () => answer }),
    createPoolCluster: () => new EventEmitter(),
  } as never) as never as {
    createConnection(): Promise<{ query(sql: string): Promise<unknown> }>;
    createPool(): { query(sql: string): Promise<unknown> };
  };
}

it("queries of mysql2's promises end with them, on connections and pools", async () => {
  await runWithinSegment(segment, async () => {
    const mysql = promises(Promise.resolve([]));
    await (await mysql.createConnection()).query("select 1");
    await mysql.createPool().query("select 2");
    const failing = promises(Promise.reject(new Error("no such table")));
    await expect(failing.createPool().query("select 3")).rejects.toThrow("no such table");
  });
  expect(segment.counter).toBe(0);
  expect(segment.subsegments?.map(({ name, fault }) => [name, fault])).toEqual([
    ["leaves@db", undefined],
    ["leaves@db", undefined],
    ["leaves@db", true],
  ]);
});

it("SQL's text stays in the process unless it is asked for", () => {
  runWithinSegment(segment, () => {
    const mysql = promises(Promise.resolve([]));
    mysql.createPool().query("select secret");
    process.env.AWS_XRAY_COLLECT_SQL_QUERIES = "1";
    mysql.createPool().query("select 1");
    delete process.env.AWS_XRAY_COLLECT_SQL_QUERIES;
  });
  expect(segment.subsegments?.map(({ sql }) => (sql as { sanitized_query?: string }).sanitized_query)).toEqual([
    undefined,
    "select 1",
  ]);
});
