import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it, vi } from "vitest";
import { eventReader, followEvents, type LiveEvent } from "./follow-events.ts";

describe("a stream of events", () => {
  it("is read in whatever pieces it comes", () => {
    const text =
      'retry: 1000\n\n:\n\nid: a-1\nevent: trace\ndata: {"x":1}\n\nevent: gap\r\ndata: {}\r\n\r\ndata: one\ndata: two\n\n';
    for (const size of [1, 2, 7, 1_000]) {
      const seen: unknown[] = [];
      const read = eventReader(({ event, data }, id) => seen.push([event, data, id]));
      for (let at = 0; at < text.length; at += size) read(text.slice(at, at + size));
      expect(seen).toEqual([
        ["trace", '{"x":1}', "a-1"],
        ["gap", "{}", undefined],
        ["message", "one\ntwo", undefined],
      ]);
    }
  });
});

describe("following", () => {
  const ending: (() => void)[] = [];
  afterEach(() => {
    for (const end of ending.splice(0)) end();
  });

  it("comes back after a broken connection, and says what it has seen", async () => {
    const lastIds: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      lastIds.push(request.headers["last-event-id"]?.toString());
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(`id: run-${lastIds.length}\nevent: trace\ndata: ${request.url}\n\n`);
      if (lastIds.length === 1) setTimeout(() => response.destroy(), 20);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const controller = new AbortController();
    ending.push(() => {
      controller.abort();
      server.closeAllConnections();
      server.close();
    });
    const seen: LiveEvent[] = [];
    const { port } = server.address() as AddressInfo;
    const following = followEvents({
      endpoint: `http://127.0.0.1:${port}`,
      filter: 'service("a b")',
      signal: controller.signal,
      onEvent: (event) => seen.push(event),
    });
    await vi.waitFor(() => expect(seen.length).toBeGreaterThanOrEqual(4), { timeout: 15_000 });
    const trace = { event: "trace", data: "/events?filter=service(%22a%20b%22)" };
    expect(seen.slice(0, 4)).toEqual([trace, { event: "lost", data: "" }, { event: "back", data: "" }, trace]);
    expect(lastIds.slice(0, 2)).toEqual([undefined, "run-1"]);
    controller.abort();
    await expect(following).resolves.toBeUndefined();
  });

  it("rejects when nobody is there to begin with", async () => {
    const { signal } = new AbortController();
    const following = followEvents({ endpoint: "http://127.0.0.1:9", signal, onEvent: () => undefined });
    await expect(following).rejects.toMatchObject({ code: "FLUORO_NOT_REACHABLE" });
  });
});
