import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { mapShape } from "../interop/map-shape.ts";
import { serviceGraph, xrayClient } from "../interop/read-traces.ts";

const cli = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

it("the demo draws a traced call through the whole shop, keeps the map alive, and ends when told", async () => {
  const demo = spawn(process.execPath, [cli, "demo", "--call", "--port", "0", "--ephemeral", "--rate", "10"], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  demo.stderr.resume();
  demo.stdout.setEncoding("utf8").on("data", (text: string) => {
    printed += text;
  });
  const ended = once(demo, "exit");
  try {
    await expect.poll(() => printed, { timeout: 30_000 }).toContain("The console is at");
    expect(printed).toMatch(/200 GET http:\/\/127\.0\.0\.1:\d+\/checkout/);
    expect(printed).toContain("(7 services)");
    expect(printed).toMatch(/storefront GET \/checkout[\s\S]*checkout POST \/orders[\s\S]*payments POST \/charges/);
    expect(printed).not.toContain("Not all of this trace");

    const xray = xrayClient(/The console is at (http:\S+)/.exec(printed)![1]!);
    await expect
      .poll(async () => mapShape(await serviceGraph(xray)), { timeout: 30_000, interval: 500 })
      .toMatchObject({
        "storefront (client)": { calls: { storefront: expect.any(String) } },
        "call-cli": { root: true, counts: "ok 1", calls: { storefront: "ok 1" } },
        checkout: { calls: { inventory: expect.any(String), "payments (remote)": expect.any(String) } },
        "shop@catalog-db (Database::SQL)": { counts: expect.stringMatching(/^ok \d+$/) },
      });
    xray.destroy();
  } finally {
    demo.kill("SIGTERM");
  }
  expect((await ended)[0]).toBe(0);
});
