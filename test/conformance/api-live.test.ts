import { createSocket } from "node:dgram";
import { connect } from "node:net";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { WireTraceSummary } from "../../src/api/wire.ts";
import { aDocument, aWireSubsegment } from "../fixtures/builders.ts";
import { type AServer, aServer } from "./a-server.ts";

interface LiveEvent {
  readonly id: string;
  readonly event: string;
  // Each event has its own shape; a test says which it expects.
  readonly data: never;
}

let server: AServer;
const streams: AbortController[] = [];
beforeEach(async () => {
  server = await aServer();
});
afterEach(async () => {
  for (const stream of streams.splice(0)) stream.abort();
  await server.close();
});

/** Listens until told otherwise; answers the list that grows. */
async function listen(query = "", headers: Record<string, string> = {}): Promise<LiveEvent[]> {
  const abort = new AbortController();
  streams.push(abort);
  const answer = await fetch(`${server.addresses.http}/events${query}`, { headers, signal: abort.signal });
  expect(answer.headers.get("content-type")).toBe("text/event-stream");
  const events: LiveEvent[] = [];
  const reading = (async () => {
    let text = "";
    for await (const chunk of answer.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      const blocks = text.split("\n\n");
      text = blocks.pop()!;
      for (const block of blocks) {
        const fields = Object.fromEntries(block.split("\n").map((line) => line.split(/: (.*)/s)));
        if (fields.event) events.push({ id: fields.id, event: fields.event, data: JSON.parse(fields.data) as never });
      }
    }
  })();
  // Aborting the stream is how a test ends it.
  reading.catch(() => undefined);
  return events;
}

const put = (...documents: string[]): Promise<unknown> =>
  server.post("/TraceSegments", { TraceSegmentDocuments: documents });
const of = (events: LiveEvent[], kind: string): LiveEvent[] => events.filter(({ event }) => event === kind);
const traces = (events: LiveEvent[]): WireTraceSummary[] => of(events, "trace").flatMap(({ data }) => data);
const traceId = (n: number): string => `1-6553f100-${n.toString(16).padStart(24, "0")}`;

it("a trace that comes is told within a second, with what changed on the map", async () => {
  const events = await listen();
  await put(aDocument({ trace_id: traceId(1), name: "shop" }));
  await expect.poll(() => traces(events).map((trace) => trace.Id), { timeout: 20_000 }).toEqual([traceId(1)]);
  expect(traces(events)[0]).toMatchObject({ Duration: 1, EntryPoint: { Name: "shop" }, Revision: 1 });
  await expect.poll(() => of(events, "map").length, { timeout: 20_000 }).toBeGreaterThan(0);
  expect(of(events, "map")[0]!.data).toMatchObject({
    minutes: expect.arrayContaining([28_333_333]),
    nodes: expect.arrayContaining([expect.objectContaining({ name: "shop" })]),
    edges: expect.any(Array),
  });
});

it("a client with a filter hears only of traces that match", async () => {
  const events = await listen(`?filter=${encodeURIComponent('service("wanted")')}`);
  await put(
    aDocument({ trace_id: traceId(1), name: "wanted" }),
    aDocument({ trace_id: traceId(2), name: "other" }),
    aDocument({ trace_id: traceId(3), name: "wanted" }),
  );
  await expect.poll(() => traces(events).length, { timeout: 20_000 }).toBe(2);
  expect(new Set(traces(events).map((trace) => trace.Id))).toEqual(new Set([traceId(1), traceId(3)]));
});

it("a filter may look into what only the documents tell", async () => {
  const filter = 'metadata.default.n = 2 OR subsegment("load")';
  const events = await listen(`?filter=${encodeURIComponent(filter)}`);
  const metadata = { default: { n: 2 } };
  await put(aDocument({ trace_id: traceId(1) }), aDocument({ trace_id: traceId(2), metadata }));
  await put(aDocument({ trace_id: traceId(3), subsegments: [aWireSubsegment({ name: "load" })] }));
  await expect.poll(() => traces(events).length, { timeout: 20_000 }).toBe(2);
  expect(new Set(traces(events).map((trace) => trace.Id))).toEqual(new Set([traceId(2), traceId(3)]));
});

it("a filter that cannot be read is refused with the place", async () => {
  const answer = await fetch(`${server.addresses.http}/events?filter=${encodeURIComponent("fault AND")}`);
  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({ Message: expect.any(String), Position: expect.any(Number) });
});

it("many changes of one trace within a moment are told once, in its newest form", async () => {
  const events = await listen();
  for (let n = 0; n < 20; n += 1) await put(aDocument({ trace_id: traceId(1), name: `step ${n}` }));
  await expect.poll(() => traces(events).at(-1)?.ServiceIds.length, { timeout: 20_000 }).toBe(21);
  expect(traces(events).length).toBeLessThan(15);
});

it("a flood is cut to the newest fifty an event", async () => {
  const events = await listen();
  await put(...Array.from({ length: 500 }, (_, n) => aDocument({ trace_id: traceId(n) })));
  await expect.poll(() => traces(events).length, { timeout: 20_000 }).toBeGreaterThan(0);
  for (const { data } of of(events, "trace")) expect((data as unknown[]).length).toBeLessThanOrEqual(50);
});

it("counters are told when they change", async () => {
  const events = await listen();
  await put(aDocument());
  await expect
    .poll(() => of(events, "stats").at(-1)?.data, { timeout: 20_000 })
    .toEqual({ received: 1, accepted: 1, refused: 0, dropped: 0, waiting: 0, stored: 1 });
});

it("coming back tells what was missed meanwhile, by the header or in the address", async () => {
  const first = await listen();
  await put(aDocument({ trace_id: traceId(1) }));
  await expect.poll(() => of(first, "map").length, { timeout: 20_000 }).toBe(1);
  const seen = first.at(-1)!.id;
  for (const stream of streams.splice(0)) stream.abort();
  await put(aDocument({ trace_id: traceId(2), name: "missed" }));

  const byHeader = await listen("", { "last-event-id": seen });
  const byAddress = await listen(`?after=${seen}&filter=${encodeURIComponent('service("missed")')}`);
  for (const events of [byHeader, byAddress]) {
    await expect.poll(() => traces(events).map(({ Id }) => Id), { timeout: 20_000 }).toEqual([traceId(2)]);
    expect(of(events, "map")[0]!.data).toMatchObject({ nodes: expect.arrayContaining([{ name: "missed" }]) });
    expect(of(events, "gap")).toEqual([]);
  }
  await put(aDocument({ trace_id: traceId(3) }));
  await expect.poll(() => of(byHeader, "map").length, { timeout: 20_000 }).toBe(2);
  const current = await listen(`?after=${byHeader.at(-1)!.id}`);
  await expect.poll(() => of(current, "stats").length, { timeout: 20_000 }).toBe(1);
  expect(traces(current)).toEqual([]);
});

it("what can no longer be told again is a gap: another run's, too long ago, or nonsense", async () => {
  const first = await listen();
  await put(aDocument());
  await expect.poll(() => of(first, "map").length, { timeout: 20_000 }).toBe(1);
  const seen = first.at(-1)!.id;
  for (let round = 0; round < 6; round += 1) {
    await put(...Array.from({ length: 200 }, (_, n) => aDocument({ trace_id: traceId(round * 200 + n) })));
  }
  await expect.poll(() => of(first, "stats").at(-1)?.data, { timeout: 20_000 }).toMatchObject({ stored: 1201 });
  for (const id of [seen, `earlier-${seen.split("-")[1]}`, `${seen.split("-")[0]}-99999`, "nonsense"]) {
    const late = await listen(`?after=${id}`);
    await expect.poll(() => late.length, { timeout: 20_000 }).toBeGreaterThanOrEqual(2);
    expect(late.slice(0, 2).map(({ event }) => event)).toEqual(["gap", "stats"]);
  }
});

it("a client that does not read costs no more than its bound, and finds a gap when it reads on", async () => {
  const { hostname, port } = new URL(server.addresses.http);
  const socket = connect(Number(port), hostname);
  socket.write(`GET /events HTTP/1.1\r\nHost: ${hostname}:${port}\r\n\r\n`);
  socket.pause();
  const annotations = Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`key${n}`, "x".repeat(900)]));
  for (let round = 0; round < 16; round += 1) {
    const documents = Array.from({ length: 50 }, (_, n) =>
      aDocument({ trace_id: traceId(round * 50 + n), annotations }),
    );
    await put(...documents);
    await new Promise((resolve) => setTimeout(resolve, 260));
  }
  let text = "";
  socket.setEncoding("utf8").on("data", (chunk) => {
    text += chunk;
  });
  socket.resume();
  await expect.poll(() => text.includes("event: gap"), { timeout: 20_000 }).toBe(true);
  expect(text.split("event: trace").length - 1).toBeLessThan(16);
  socket.destroy();
}, 30_000);

it("what comes over UDP is told like anything else", async () => {
  const events = await listen();
  const socket = createSocket("udp4");
  const [host, port] = server.addresses.udp.split(":");
  socket.send(`{"format":"json","version":1}\n${aDocument({ trace_id: traceId(7) })}`, Number(port), host);
  await expect.poll(() => traces(events).map((trace) => trace.Id), { timeout: 20_000 }).toEqual([traceId(7)]);
  socket.close();
});

it("who follows is told to ask again when traces were removed, and so is who comes back", async () => {
  await put(aDocument({ trace_id: traceId(1) }));
  const events = await listen();
  await put(aDocument({ trace_id: traceId(2) }));
  await expect.poll(() => traces(events).length, { timeout: 20_000 }).toBe(1);
  const { id } = events.at(-1)!;
  await server.post("/api/traces/remove", { TraceIds: [traceId(1)] });
  await expect.poll(() => of(events, "gap").length, { timeout: 20_000 }).toBe(1);
  const resumed = await listen(`?after=${id}`);
  await expect.poll(() => of(resumed, "gap").length, { timeout: 20_000 }).toBe(1);
});
