import { createSocket } from "node:dgram";
import { afterEach, describe, expect, it, vi } from "vitest";
import { serviceGraph } from "../graph/build-graph.ts";
import { assembleTrace } from "../trace/assemble-trace.ts";
import { digestTrace } from "../trace/digest-trace.ts";
import { parseSegment } from "../trace/parse-segment.ts";
import { readDatagram } from "../xray/datagram.ts";
import { Chance } from "./chance.ts";
import { type Shop, startShop } from "./start-shop.ts";
import { nextErrand } from "./visitors.ts";

interface Wire {
  readonly id: string;
  readonly name: string;
  readonly trace_id: string;
  readonly parent_id?: string;
  readonly in_progress?: true;
  readonly user?: string;
  readonly fault?: true;
  readonly error?: true;
  readonly throttle?: true;
  readonly namespace?: string;
  readonly annotations?: Record<string, unknown>;
  readonly sql?: Record<string, string>;
  readonly http?: { request?: Record<string, unknown>; response?: { status?: number } };
  readonly cause?: { exceptions: { type: string; message: string; stack: unknown[] }[] };
  readonly subsegments?: readonly Wire[];
}

const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A shop without visitors, and every document that its services send. */
async function openShop(rate = 0): Promise<{ shop: Shop; documents: Wire[] }> {
  const documents: Wire[] = [];
  const socket = createSocket("udp4");
  socket.on("message", (bytes) => {
    const datagram = readDatagram(bytes);
    if (datagram.kind === "document") documents.push(JSON.parse(Buffer.from(datagram.bytes).toString("utf8")));
  });
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  closing.push(() => void socket.close());
  const shop = await startShop({ daemonAddress: `127.0.0.1:${socket.address().port}`, rate });
  closing.push(() => shop.close());
  return { shop, documents };
}

async function visit(shop: Shop, page: string, headers: Record<string, string> = {}): Promise<number> {
  const response = await fetch(new URL(page, shop.url), { headers });
  await response.text();
  return response.status;
}

const patience = { timeout: 10_000, interval: 20 };
const finished = (documents: readonly Wire[]): Wire[] => documents.filter(({ in_progress }) => !in_progress);
const named = (documents: readonly Wire[], name: string): Wire =>
  finished(documents).find((document) => document.name === name)!;
const awaitFinished = (documents: readonly Wire[], count: number): Promise<void> =>
  vi.waitFor(() => expect(finished(documents)).toHaveLength(count), patience);

describe("the demo shop", () => {
  it("records a purchase in four traced services, below one another; payments sends nothing", async () => {
    const { shop, documents } = await openShop();
    expect(await visit(shop, "/checkout", { cookie: "customer=7; tier=plus" })).toBe(200);
    await awaitFinished(documents, 4);
    expect(documents.map(({ name }) => name).sort()).toEqual(["catalog", "checkout", "inventory", "storefront"]);
    expect(new Set(documents.map(({ trace_id }) => trace_id)).size).toBe(1);

    const storefront = named(documents, "storefront");
    const checkout = named(documents, "checkout");
    expect(storefront.subsegments?.map(({ name }) => name)).toEqual(["catalog", "checkout"]);
    expect(checkout.subsegments?.map(({ name }) => name)).toEqual(["inventory", "add up", "payments"]);
    expect(named(documents, "catalog").parent_id).toBe(storefront.subsegments?.[0]?.id);
    expect(checkout.parent_id).toBe(storefront.subsegments?.[1]?.id);
    expect(named(documents, "inventory").parent_id).toBe(checkout.subsegments?.[0]?.id);
    expect(storefront).toMatchObject({
      user: "customer-7",
      annotations: { customer_tier: "plus", cart_size: 1 },
      http: { request: { method: "GET" }, response: { status: 200 } },
    });
  });

  it("a purchase draws the whole map: the untraced service and the database are known from their callers", async () => {
    const { shop, documents } = await openShop();
    await visit(shop, "/checkout");
    await awaitFinished(documents, 4);
    const segments = documents.flatMap((document) => {
      const parsed = parseSegment(JSON.stringify(document));
      return parsed.kind === "segments" ? parsed.segments : [];
    });
    const digest = digestTrace(assembleTrace(documents[0]!.trace_id, segments), 1);
    const { nodes } = serviceGraph([digest], 0, Number.MAX_SAFE_INTEGER);
    const label = (node: (typeof nodes)[number]): string => (node.type ? `${node.name} (${node.type})` : node.name);
    expect(
      Object.fromEntries(nodes.map((node) => [label(node), node.edges.map(({ to }) => label(nodes[to]!))])),
    ).toEqual({
      "storefront (client)": ["storefront"],
      storefront: ["catalog", "checkout"],
      catalog: ["shop@catalog-db (Database::SQL)"],
      checkout: ["inventory", "payments (remote)"],
      inventory: [],
      "payments (remote)": [],
      "shop@catalog-db (Database::SQL)": [],
    });
  });

  it("records the catalog's queries as calls of a SQL database", async () => {
    const { shop, documents } = await openShop();
    await visit(shop, "/?kind=lamp");
    await awaitFinished(documents, 2);
    expect(named(documents, "catalog").subsegments).toMatchObject([
      { name: "shop@catalog-db", namespace: "remote", sql: { database_type: "SQLite" } },
    ]);
    expect(named(documents, "catalog").subsegments?.[0]?.sql?.sanitized_query).toMatch(/^SELECT .* LIKE \? /s);
  });

  it.each([
    ["a product that is not there", "/products/9999", 404, "catalog", { error: true }],
    ["a declined card", "/checkout?card=declined", 402, "checkout", { error: true }],
    ["too much at once", "/checkout?quantity=25", 429, "inventory", { error: true, throttle: true }],
    ["a bank that does not answer", "/checkout?card=outage", 502, "checkout", { fault: true }],
  ])("%s: %s is answered %i, and %s says so", async (_what, page, status, service, flags) => {
    const { shop, documents } = await openShop();
    expect(await visit(shop, page)).toBe(status);
    await vi.waitFor(() => expect(named(documents, "storefront")).toBeDefined(), patience);
    expect(named(documents, service)).toMatchObject(flags);
  });

  it("a bug is recorded as an exception with its stack", async () => {
    const { shop, documents } = await openShop();
    expect(await visit(shop, "/checkout?product=13")).toBe(502);
    await awaitFinished(documents, 4);
    const adding = named(documents, "checkout").subsegments?.find(({ name }) => name === "add up");
    expect(adding?.cause?.exceptions[0]).toMatchObject({
      type: "PriceMissingError",
      message: "Product 13 has no price",
    });
    expect(JSON.stringify(adding?.cause?.exceptions[0]?.stack)).toContain("totalCents");
  });

  it("work that takes more than a second is told of while it runs", async () => {
    const { shop, documents } = await openShop();
    await visit(shop, "/checkout?card=slow");
    await awaitFinished(documents, 4);
    const running = documents.filter(({ in_progress }) => in_progress);
    expect(running.map(({ name }) => name).sort()).toEqual(["checkout", "storefront"]);
    expect(running[0]?.id).toBe(named(documents, running[0]!.name).id);
  });

  it.each([
    ["X-Amzn-Trace-Id", "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1"],
    ["traceparent", "00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-01"],
  ])("a trace that comes in by %s goes on", async (name, value) => {
    const { shop, documents } = await openShop();
    await visit(shop, "/", { [name]: value });
    await awaitFinished(documents, 2);
    expect(named(documents, "storefront")).toMatchObject({
      trace_id: "1-5759e988-bd862e3fe1be46a994272793",
      parent_id: "53995c3f42cd8ad8",
    });
  });

  it("a trace that is not to be recorded leaves no document", async () => {
    const { shop, documents } = await openShop();
    await visit(shop, "/", { "X-Amzn-Trace-Id": "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=0" });
    await visit(shop, "/products/20");
    await awaitFinished(documents, 2);
    expect(documents.some(({ trace_id }) => trace_id === "1-5759e988-bd862e3fe1be46a994272793")).toBe(false);
  });

  it("visitors come by themselves, and none is cut off by closing", async () => {
    const { shop, documents } = await openShop(50);
    await vi.waitFor(() => expect(finished(documents).length).toBeGreaterThan(20), patience);
    await shop.close();
    const visits = finished(documents).filter(({ name }) => name === "storefront");
    expect(visits.every(({ http }) => http?.response?.status !== undefined)).toBe(true);
    await shop.close();
  });
});

describe("visitors", () => {
  it("the same seed sends the same visitors, another seed sends others", () => {
    const errands = (seed: number): string[] => {
      const chance = new Chance(seed);
      return Array.from({ length: 20 }, () => JSON.stringify(nextErrand(chance)));
    };
    expect(errands(5)).toEqual(errands(5));
    expect(errands(5)).not.toEqual(errands(6));
  });

  it("most want something ordinary, and every kind of trouble comes up", () => {
    const chance = new Chance(3);
    const paths = Array.from({ length: 2_000 }, () => nextErrand(chance).path);
    const share = (pattern: RegExp): number => paths.filter((path) => pattern.test(path)).length / paths.length;
    expect(share(/card=good|^\/\?|^\/products/)).toBeGreaterThan(0.85);
    for (const trouble of [/card=slow/, /card=declined/, /card=outage/, /product=13&/, /quantity=2[1-6]/]) {
      expect(share(trouble)).toBeGreaterThan(0.005);
    }
  });
});
