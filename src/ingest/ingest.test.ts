import { expect, it } from "vitest";
import { StoreError } from "../errors.ts";
import type { RawDocument, Refusal } from "../store/trace-store.ts";
import { Ingest, type Sink } from "./ingest.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const turn = (ms = 20): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const bad: Refusal = { problem: { code: "InvalidJson", path: "", message: "no JSON" }, segmentId: "53995c3f42cd8ad8" };

/** A sink that keeps what it is given, refuses documents that say `bad`, and fails as told. */
function aSink(fail: (call: number) => Error | undefined = () => undefined): Sink & { batches: string[][] } {
  const batches: string[][] = [];
  let calls = 0;
  return {
    batches,
    async append(documents: readonly RawDocument[]) {
      calls += 1;
      await turn(2);
      const error = fail(calls);
      if (error !== undefined) throw error;
      const texts = documents.map((document) => new TextDecoder().decode(document.bytes));
      batches.push(texts);
      return { outcomes: texts.map((text) => (text === "bad" ? bad : undefined)) };
    },
  };
}

const diskFull = (retryable: boolean): StoreError => new StoreError("FLUORO_STORE_WRITE", "disk full", { retryable });

function expectBalance(ingest: Ingest): void {
  const { received, accepted, refused, stored, dropped, waiting } = ingest.counters();
  expect(received).toBe(accepted + refused);
  expect(accepted).toBe(stored + dropped + waiting);
}

it("a document that comes alone is stored within a few milliseconds", async () => {
  const sink = aSink();
  const ingest = new Ingest(sink);
  ingest.accept(bytes("one"), "udp");
  expect(ingest.counters()).toMatchObject({ received: 1, waiting: 1, stored: 0 });
  await turn(40);
  expect(sink.batches).toEqual([["one"]]);
  expect(ingest.counters()).toMatchObject({ received: 1, waiting: 0, stored: 1 });
});

it("what comes while a batch is written makes the next batch, in order", async () => {
  const sink = aSink();
  const ingest = new Ingest(sink);
  for (let n = 0; n < 5; n += 1) ingest.accept(bytes(`a${n}`), "udp");
  await turn(5);
  for (let n = 0; n < 5; n += 1) ingest.accept(bytes(`b${n}`), "udp");
  await ingest.close();
  expect(sink.batches.flat()).toEqual(["a0", "a1", "a2", "a3", "a4", "b0", "b1", "b2", "b3", "b4"]);
  expect(sink.batches.length).toBeLessThanOrEqual(2);
});

it("a batch is bounded by documents", async () => {
  const sink = aSink();
  const ingest = new Ingest(sink);
  for (let n = 0; n < 9_000; n += 1) ingest.accept(bytes("x"), "udp");
  await ingest.close();
  expect(sink.batches.map((batch) => batch.length)).toEqual([4_000, 4_000, 1_000]);
});

it("HTTP hears what became of each document once it is on disk", async () => {
  const sink = aSink();
  const ingest = new Ingest(sink);
  const outcomes = await ingest.acceptAll([bytes("good"), bytes("bad"), bytes("fine")], "http");
  expect(outcomes).toEqual([undefined, bad, undefined]);
  expect(sink.batches.flat()).toEqual(["good", "bad", "fine"]);
  expect(ingest.counters()).toMatchObject({ received: 3, accepted: 2, refused: 1, stored: 2 });
});

it("a refused document is kept with its reason, its source and its first 2 KB", async () => {
  const ingest = new Ingest(aSink(), { now: () => 1_700_000_000_000 });
  ingest.refuse({ code: "BadHeader", path: "", message: "no header" }, bytes("x".repeat(5_000)), "udp");
  await ingest.acceptAll([bytes("bad")], "http");
  expect(ingest.problems()).toEqual([
    {
      code: "InvalidJson",
      path: "",
      message: "no JSON",
      atSeconds: 1_700_000_000,
      source: "http",
      segmentId: "53995c3f42cd8ad8",
      document: "bad",
    },
    {
      code: "BadHeader",
      path: "",
      message: "no header",
      atSeconds: 1_700_000_000,
      source: "udp",
      document: "x".repeat(2_048),
    },
  ]);
  expect(ingest.problemCounts()).toEqual({ BadHeader: 1, InvalidJson: 1 });
  expectBalance(ingest);
});

it("the ring keeps the newest 200 problems and counts them all", () => {
  const ingest = new Ingest(aSink());
  for (let n = 0; n < 450; n += 1) {
    ingest.refuse({ code: "BadHeader", path: "", message: `m${n}` }, bytes("x"), "udp");
  }
  const messages = ingest.problems().map((problem) => problem.message);
  expect(messages.length).toBe(200);
  expect(messages[0]).toBe("m449");
  expect(messages.at(-1)).toBe("m250");
  expect(ingest.problemCounts()).toEqual({ BadHeader: 450 });
});

it("a full queue turns documents away, counts them and says so", async () => {
  const ingest = new Ingest(aSink(), { queueBytes: 10 });
  ingest.accept(bytes("12345678"), "udp");
  ingest.accept(bytes("too much"), "udp");
  expect(ingest.counters()).toMatchObject({ received: 2, dropped: 1, waiting: 1 });
  expect(ingest.problems()[0]).toMatchObject({ code: "QueueFull", source: "udp", document: "too much" });
  const outcomes = await ingest.acceptAll([bytes("a"), bytes("longer")], "http");
  expect(outcomes.map((outcome) => outcome?.problem.code)).toEqual(["QueueFull", "QueueFull"]);
  expectBalance(ingest);
  await ingest.close();
  expectBalance(ingest);
});

it("room comes back when documents have been written", async () => {
  const sink = aSink();
  const ingest = new Ingest(sink, { queueBytes: 10 });
  for (let n = 0; n < 5; n += 1) {
    ingest.accept(bytes("12345678"), "udp");
    await turn(150);
  }
  expect(ingest.counters()).toMatchObject({ stored: 5, dropped: 0 });
});

it("a write that may succeed later is tried again, and nothing is lost", async () => {
  const sink = aSink((call) => (call <= 2 ? diskFull(true) : undefined));
  const ingest = new Ingest(sink);
  ingest.accept(bytes("one"), "udp");
  const outcomes = ingest.acceptAll([bytes("two")], "http");
  await turn(30);
  expect(ingest.isFailing).toBe(true);
  expect(await outcomes).toEqual([undefined]);
  expect(sink.batches.flat()).toEqual(["one", "two"]);
  expect(ingest.isFailing).toBe(false);
  expect(ingest.counters()).toMatchObject({ stored: 2, dropped: 0 });
});

it("a store that has failed is given another chance when nothing has come for a while", async () => {
  let nowMs = 0;
  const ingest = new Ingest(
    aSink(() => diskFull(false)),
    { now: () => nowMs },
  );
  await ingest.acceptAll([bytes("one")], "http");
  expect(ingest.isFailing).toBe(true);
  nowMs = 15_000;
  expect(ingest.isFailing).toBe(false);
});

it("while the store keeps failing, HTTP is told after a while and UDP's documents wait on", async () => {
  let isDown = true;
  const sink = aSink(() => (isDown ? diskFull(true) : undefined));
  const ingest = new Ingest(sink);
  ingest.accept(bytes("udp"), "udp");
  const [outcome] = await ingest.acceptAll([bytes("http")], "http");
  expect(outcome?.problem.code).toBe("StoreFailed");
  expect(ingest.counters()).toMatchObject({ dropped: 1, waiting: 1, stored: 0 });
  expectBalance(ingest);
  // Who comes while it still fails is told as well, and does not wait behind what nobody waits for.
  const [later] = await ingest.acceptAll([bytes("later")], "http");
  expect(later?.problem.code).toBe("StoreFailed");
  expect(ingest.counters()).toMatchObject({ dropped: 2, waiting: 1, stored: 0 });
  isDown = false;
  await expect.poll(() => ingest.counters().stored, { timeout: 5_000 }).toBe(1);
  expect(sink.batches.flat()).toEqual(["udp"]);
});

it("a write that cannot succeed costs its batch, said and counted, and the next one is tried", async () => {
  const sink = aSink((call) => (call === 1 ? diskFull(false) : undefined));
  const ingest = new Ingest(sink);
  const [first] = await ingest.acceptAll([bytes("one")], "http");
  expect(first?.problem).toMatchObject({ code: "StoreFailed", message: expect.stringContaining("disk full") });
  expect(await ingest.acceptAll([bytes("two")], "http")).toEqual([undefined]);
  expectBalance(ingest);
});

it("closing writes what waits and turns away what comes after", async () => {
  const sink = aSink();
  const ingest = new Ingest(sink);
  for (let n = 0; n < 10_000; n += 1) ingest.accept(bytes("x"), "udp");
  const closing = ingest.close();
  ingest.accept(bytes("late"), "udp");
  await closing;
  await ingest.close();
  expect(ingest.counters()).toMatchObject({ received: 10_001, stored: 10_000, dropped: 1, waiting: 0 });
  expectBalance(ingest);
});

it("closing does not wait for a store that keeps failing", async () => {
  const ingest = new Ingest(aSink(() => diskFull(true)));
  ingest.accept(bytes("x"), "udp");
  await turn(30);
  await ingest.close();
  expect(ingest.counters()).toMatchObject({ dropped: 1, waiting: 0 });
  expectBalance(ingest);
});

it("the counters balance at every moment, under load, bad documents and failures", async () => {
  const sink = aSink((call) => (call % 7 === 3 ? diskFull(true) : call % 11 === 5 ? diskFull(false) : undefined));
  const ingest = new Ingest(sink, { queueBytes: 20_000 });
  let sent = 0;
  for (let round = 0; round < 60; round += 1) {
    for (let n = 0; n < 300; n += 1) {
      const kind = (round * 300 + n) % 10;
      sent += 1;
      if (kind === 0) ingest.refuse({ code: "BadHeader", path: "", message: "" }, bytes("?"), "udp");
      else ingest.accept(bytes(kind === 1 ? "bad" : "a document of some bytes"), "udp");
      expectBalance(ingest);
    }
    void ingest.acceptAll([bytes("http"), bytes("bad")], "http");
    sent += 2;
    await turn(1);
    expectBalance(ingest);
  }
  await ingest.close();
  const counters = ingest.counters();
  expect(counters.received).toBe(sent);
  expect(counters.waiting).toBe(0);
  expect(counters.stored).toBe(sink.batches.flat().filter((text) => text !== "bad").length);
  expect(counters.stored).toBeGreaterThan(0);
  expect(counters.dropped).toBeGreaterThan(0);
  expectBalance(ingest);
});

it("a queue that is nearly full sheds by trace: of each trace all documents or none, and problems say so", async () => {
  let open = (): void => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const seen: string[] = [];
  const sink: Sink = {
    async append(documents) {
      await gate;
      seen.push(...documents.map((document) => new TextDecoder().decode(document.bytes)));
      return { outcomes: documents.map(() => undefined) };
    },
  };
  const document = (trace: number, part: number): string =>
    JSON.stringify({ trace_id: `1-6553f100-${trace.toString(16).padStart(24, "0")}`, part, filling: "x".repeat(100) });
  const size = bytes(document(0, 1)).length;
  const ingest = new Ingest(sink, { queueBytes: 10_000 * size, shedsTraces: true });
  // Nine tenths full, by something that has no trace to go by.
  ingest.accept(bytes("?".repeat(9_000 * size)), "udp");
  const late = Array.from({ length: 60 }, (_, at) => 1_000 + at);
  for (const part of [1, 2]) for (const trace of late) ingest.accept(bytes(document(trace, part)), "udp");
  const { dropped } = ingest.counters();
  expect(ingest.problemCounts()).toEqual({ Shed: dropped });
  expect(dropped).toBeGreaterThan(0);
  open();
  await ingest.close();
  expectBalance(ingest);
  const partsOf = (trace: number): number =>
    seen.filter((text) => text.startsWith(document(trace, 0).slice(0, 48))).length;
  const parts = late.map(partsOf);
  expect(new Set(parts)).toEqual(new Set([0, 2]));
});
