import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { fastify } from "fastify";
import { expect, it } from "vitest";
import { whileClientStays } from "./while-client-stays.ts";

it("work for a client that has left is told so, and fails without a word; for one that stays nothing changes", async () => {
  const app = fastify();
  const failures: unknown[] = [];
  let begun = (): void => undefined;
  const hasBegun = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const left = new Promise<unknown>((resolve) => {
    app.get("/long", (_request, reply) =>
      whileClientStays(reply, async (signal) => {
        begun();
        await once(signal, "abort");
        resolve(signal.reason);
        throw signal.reason;
      }),
    );
  });
  app.get("/short", (_request, reply) => whileClientStays(reply, async ({ aborted }) => ({ aborted })));
  app.get("/failing", (_request, reply) => whileClientStays(reply, () => Promise.reject(new Error("its own fault"))));
  app.setErrorHandler((error, _request, reply) => {
    failures.push(error);
    return reply.code(500).send();
  });
  await app.listen({ port: 0, host: "127.0.0.1" });
  const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  const client = new AbortController();
  const asking = fetch(`${url}/long`, { signal: client.signal });
  await hasBegun;
  client.abort();
  await expect(asking).rejects.toThrow();
  expect(await left).toEqual(new Error("The client has left."));
  expect(await (await fetch(`${url}/short`)).json()).toEqual({ aborted: false });
  expect((await fetch(`${url}/failing`)).status).toBe(500);
  expect(failures).toEqual([new Error("its own fault")]);
  await app.close();
});
