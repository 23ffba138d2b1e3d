import { rmSync } from "node:fs";
import { afterEach, expect, it } from "vitest";
import type { Problems, Status } from "../../src/api/wire.ts";
import { aDocument, anId } from "../fixtures/builders.ts";
import { freePort } from "../fixtures/free-port.ts";
import { type ADaemon, aDaemon, aDaemonConfig } from "./a-daemon.ts";
import { type AServer, aServer } from "./a-server.ts";

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const eventually = { timeout: 30_000, interval: 50 };

async function daemon(...words: string[]): Promise<ADaemon> {
  const started = await aDaemon(words);
  closing.push(() => started.close());
  return started;
}

/** Two daemons of which each sends to the other. */
async function ring(): Promise<readonly [ADaemon, ADaemon]> {
  const one = await daemon("--to", "otlp:http://127.0.0.1:9");
  const other = await daemon("--to", one.url);
  const folder = `${one.folder}-ring`;
  closing.push(async () => rmSync(folder, { recursive: true, force: true }));
  await one.reload(await aDaemonConfig(["--to", other.url], folder));
  return [one, other];
}

it("a document that comes back to the daemon that sent it on is refused there, counted and explained", async () => {
  const [one] = await ring();
  await one.send(aDocument());
  const problems = async (): Promise<Problems> => (await fetch(`${one.url}/api/problems`)).json() as Promise<Problems>;
  await expect.poll(async () => (await problems()).counts.CameBack, eventually).toBeGreaterThanOrEqual(1);
  const waysOut = async (): Promise<{ figures: { put: number; unprocessed: Record<string, number> } }[]> =>
    ((await (await fetch(`${one.url}/api/status`)).json()) as { waysOut: never }).waysOut;
  await expect.poll(async () => (await waysOut())[0]!.figures.unprocessed, eventually).toEqual({ CameBack: 1 });
  expect((await waysOut())[0]!.figures.put).toBe(1);
});

it("a question that goes round comes back as an error, or is answered by whom it comes back to", async () => {
  const [, other] = await ring();
  const summaries = await other.post("/TraceSummaries", {});
  expect(summaries.status).toBe(508);
  expect(await summaries.json()).toMatchObject({ Message: expect.stringContaining("ring") });
  const rules = await other.post("/GetSamplingRules", {});
  expect(rules.status).toBe(200);
});

it("two that store and send on to each other both have everything, and stop", async () => {
  const port = await freePort();
  const start = async (flags: Record<string, string>): Promise<AServer> => {
    const server = await aServer(flags);
    closing.push(() => server.close());
    return server;
  };
  const one = await start({ upstream: `http://127.0.0.1:${port}` });
  const other = await start({ port: String(port), upstream: one.addresses.http });
  const put = (server: AServer, id: string): Promise<unknown> =>
    server.post("/TraceSegments", { TraceSegmentDocuments: [aDocument({ id })] });
  await put(one, anId());
  await put(other, anId());
  const status = async ({ addresses }: AServer): Promise<Status> =>
    (await fetch(`${addresses.http}/api/status`)).json() as Promise<Status>;
  for (const server of [one, other]) {
    await expect.poll(async () => (await status(server)).counters.refused, eventually).toBe(1);
    expect(await status(server)).toMatchObject({
      counters: { received: 3, stored: 2 },
      store: { segments: 2 },
      upstream: { put: 2 },
    });
  }
});
