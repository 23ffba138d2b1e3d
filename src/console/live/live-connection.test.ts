import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { type ConnectionState, LiveConnection, type LiveEvents, type Source } from "./live-connection.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

class FakeSource implements Source {
  onopen: Source["onopen"] = null;
  onerror: Source["onerror"] = null;
  isClosed = false;
  readonly url: string;
  readonly #listeners = new Map<string, (event: MessageEvent) => void>();

  constructor(url: string) {
    this.url = url;
  }

  addEventListener(name: string, listener: unknown): void {
    this.#listeners.set(name, listener as (event: MessageEvent) => void);
  }

  close(): void {
    this.isClosed = true;
  }

  open(): void {
    this.onopen?.(new Event("open"));
  }

  fail(): void {
    this.onerror?.(new Event("error"));
  }

  tell(name: string, lastEventId: string): void {
    this.#listeners.get(name)?.({ data: "{}", lastEventId } as MessageEvent);
  }
}

function connect(poll: () => Promise<Partial<LiveEvents>> = () => Promise.reject(new Error("nobody there"))) {
  const sources: FakeSource[] = [];
  const states: ConnectionState[] = [];
  const told: string[] = [];
  const connection = new LiveConnection({
    url: "/events?filter=fault",
    poll,
    onEvent: (name) => told.push(name),
    onState: (state) => states.push(state),
    open: (url) => {
      const source = new FakeSource(url);
      sources.push(source);
      return source;
    },
  });
  return { connection, sources, states, told, kinds: () => states.map(({ kind }) => kind) };
}

it("a stream that breaks is opened again, and goes on after the last event", async () => {
  const { sources, kinds, told, connection } = connect();
  sources[0]!.open();
  sources[0]!.tell("map", "run-7");
  sources[0]!.fail();
  expect(sources[0]!.isClosed).toBe(true);
  await vi.advanceTimersByTimeAsync(300);
  expect(sources.map(({ url }) => url)).toEqual(["/events?filter=fault", "/events?filter=fault&after=run-7"]);
  sources[1]!.open();
  expect(kinds()).toEqual(["connecting", "open", "lost", "open"]);
  expect(told).toEqual(["map"]);
  connection.close();
});

it("one that broke before anything was told has a gap", async () => {
  const { sources, told, connection } = connect();
  sources[0]!.fail();
  await vi.advanceTimersByTimeAsync(300);
  sources[1]!.open();
  expect(told).toEqual(["gap"]);
  connection.close();
});

it("one on which nothing is heard any more, not even the heart, is opened again", async () => {
  const { sources, connection } = connect();
  sources[0]!.open();
  for (let beat = 0; beat < 10; beat += 1) {
    await vi.advanceTimersByTimeAsync(15_000);
    sources[0]!.tell("heartbeat", "");
  }
  expect(sources).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(41_000);
  expect(sources).toHaveLength(2);
  connection.close();
});

it("where streams do not get through, the server is asked, and streams are tried now and then", async () => {
  const { sources, kinds, told, connection } = connect(async () => ({ trace: [], stats: undefined as never }));
  for (let failure = 0; failure < 4; failure += 1) {
    sources.at(-1)!.fail();
    await vi.advanceTimersByTimeAsync(2_000);
  }
  expect(kinds().at(-1)).toBe("polling");
  expect(told).toEqual(["trace"]);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(sources).toHaveLength(5);
  sources.at(-1)!.open();
  expect(kinds().at(-1)).toBe("open");
  connection.close();
});

it("nothing happens after the end", async () => {
  const { sources, connection } = connect();
  sources[0]!.fail();
  connection.close();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(sources).toHaveLength(1);
});
