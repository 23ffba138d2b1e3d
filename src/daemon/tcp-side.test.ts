import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { expect, it, vi } from "vitest";
import { silentLog } from "../log.ts";
import { openTcpSide } from "./tcp-side.ts";

const options = {
  host: "127.0.0.1",
  tryAgainMs: 20,
  api: () => undefined,
  answerLocally: async () => undefined,
  status: () => {
    throw new Error("nobody asks");
  },
  problems: () => ({ problems: [], counts: {} }),
};

it("a port that another program has is said once, and taken as soon as it is free", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const { port } = other.address() as AddressInfo;
  const error = vi.fn();
  const side = await openTcpSide({ ...options, port, log: { ...silentLog, error } });
  expect(side.port).toBeUndefined();
  expect(side.trouble).toMatch(new RegExp(`^TCP port ${port} on 127.0.0.1 is in use by .*-t 127.0.0.1:${port + 1}.$`));
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(error).toHaveBeenCalledOnce();
  other.close();
  await vi.waitFor(() => expect(side.port).toBe(port), 10_000);
  expect(side.trouble).toBeUndefined();
  expect((await fetch(`http://127.0.0.1:${port}/x`, { method: "POST" })).status).toBe(500);
  await side.close(0);
});

it("an address of another machine stops the start", async () => {
  await expect(openTcpSide({ ...options, host: "203.0.113.1", port: 0, log: silentLog })).rejects.toMatchObject({
    code: "FLUORO_BAD_CONFIG",
    message: expect.stringContaining("check -t"),
  });
});

it("closing ends the attempts", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const { port } = other.address() as AddressInfo;
  const side = await openTcpSide({ ...options, port, log: silentLog });
  await side.close(0);
  other.close();
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect(side.port).toBeUndefined();
});
