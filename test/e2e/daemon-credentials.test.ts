import { chmodSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type FakeUpstream, startFakeUpstream } from "../fixtures/fake-upstream.ts";
import { failures, take } from "../fixtures/fake-upstream-behaviour.ts";
import { documents, expectDelivered, expectReceived, expectSettled } from "./daemon-load.ts";
import { testDaemons } from "./running-daemon.ts";

const daemons = testDaemons();
let upstream: FakeUpstream;
beforeEach(async () => {
  upstream = await startFakeUpstream();
});
afterEach(() => upstream.close());

/** Whose keys signed each request to /TraceSegments. */
function signers(): string[] {
  return upstream.requests
    .filter(({ path }) => path === "/TraceSegments")
    .map(({ headers }) => /Credential=([^/]+)\//.exec(headers.authorization ?? "")?.[1] ?? "nobody");
}

it("credentials that expire are fetched anew from the container, and everything is delivered", async () => {
  const container = await startContainer();
  try {
    const daemon = await daemons.start({
      flags: ["-n", "eu-west-1", "--endpoint", upstream.url],
      env: { AWS_CONTAINER_CREDENTIALS_FULL_URI: container.url },
    });
    upstream.behave(failures.expiredToken);
    const load = documents(40, 300);
    await daemon.send(...load.datagrams);
    await expect.poll(signers, { timeout: 60_000 }).toContain("AKIDCONTAINER2");
    upstream.behave(take);
    await expectDelivered(daemon, upstream, load);
    await expectSettled(daemon);
    expect(signers()[0]).toBe("AKIDCONTAINER1");
    expect(await daemon.figures()).toMatchObject({ dropped: 0, unprocessed: 0 });
  } finally {
    container.server.close();
  }
});

it("credentials come from a program that the profile names", async () => {
  const folder = daemons.folder();
  const program = join(folder, "keys.sh");
  const keys = { Version: 1, AccessKeyId: "AKIDPROGRAM", SecretAccessKey: "secret" };
  writeFileSync(program, `#!/bin/sh\necho '${JSON.stringify(keys)}'\n`);
  chmodSync(program, 0o755);
  const file = join(folder, "aws-config");
  writeFileSync(file, `[default]\nregion = eu-west-3\ncredential_process = ${program}\n`);
  const daemon = await daemons.start({
    folder,
    flags: ["--endpoint", upstream.url],
    env: { AWS_CONFIG_FILE: file, AWS_REGION: "" },
  });
  const load = documents(10, 300);
  await daemon.send(...load.datagrams);
  await expectDelivered(daemon, upstream, load);
  expect(new Set(signers())).toEqual(new Set(["AKIDPROGRAM"]));
  const [request] = upstream.requests.filter(({ path }) => path === "/TraceSegments");
  expect(request?.headers.authorization).toContain("/eu-west-3/xray/aws4_request");
});

it("without credentials everything is kept, and health says what is missing; the next start delivers it", async () => {
  const flags = ["-n", "eu-west-1", "--endpoint", upstream.url];
  const daemon = await daemons.start({ flags });
  const load = documents(30, 300);
  await daemon.send(...load.datagrams);
  await expectReceived(daemon, 30);
  await expect.poll(async () => (await daemon.health()).text, { timeout: 30_000 }).toMatch(/credentials/i);
  expect(await daemon.figures()).toMatchObject({ sent: 0, dropped: 0, unprocessed: 0 });
  expect(upstream.counts().requests).toBe(0);
  expect((await daemon.stop()).code).toBe(0);
  const env = { AWS_ACCESS_KEY_ID: "AKIDLATER", AWS_SECRET_ACCESS_KEY: "secret" };
  const next = await daemons.start({ flags, folder: daemon.folder, env });
  await expect.poll(() => upstream.missing(load.ids), { timeout: 60_000 }).toBe(0);
  await expectSettled(next);
});

it("access that is denied holds everything back instead of throwing it away", async () => {
  const env = { AWS_ACCESS_KEY_ID: "AKIDDENIED", AWS_SECRET_ACCESS_KEY: "secret" };
  const flags = ["-n", "eu-west-1", "--endpoint", upstream.url, "--shutdown-timeout", "1s"];
  const daemon = await daemons.start({ flags, env });
  upstream.behave(failures.accessDenied);
  const load = documents(30, 300);
  await daemon.send(...load.datagrams);
  await expectReceived(daemon, 30);
  await expect.poll(async () => (await daemon.health()).text, { timeout: 30_000 }).toMatch(/denied/i);
  const { waiting, spilled, dropped, unprocessed } = await daemon.figures();
  expect({ kept: waiting + spilled, dropped, unprocessed }).toEqual({ kept: 30, dropped: 0, unprocessed: 0 });
  await daemon.stop();
  upstream.behave(take);
  await daemons.start({ flags, env, folder: daemon.folder });
  await expect.poll(() => upstream.missing(load.ids), { timeout: 60_000 }).toBe(0);
});

it("calls of SDKs are signed on their way to the same API", async () => {
  const env = { AWS_ACCESS_KEY_ID: "AKIDPROXY", AWS_SECRET_ACCESS_KEY: "secret" };
  const daemon = await daemons.start({ flags: ["-n", "eu-west-1", "--endpoint", upstream.url], env });
  const answer = await fetch(`${daemon.url}/GetSamplingRules`, { method: "POST", body: "{}" });
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({ SamplingRuleRecords: [{ SamplingRule: { RuleName: "Default" } }] });
  const asked = upstream.requests.find(({ path }) => path === "/GetSamplingRules");
  expect(asked?.headers.authorization).toContain("Credential=AKIDPROXY/");
});

/** The credentials endpoint of ECS: each answer has a new key, which is valid for hours. */
async function startContainer(): Promise<{ server: Server; url: string }> {
  let answers = 0;
  const server = createServer((_request, response) => {
    answers += 1;
    const keys = {
      AccessKeyId: `AKIDCONTAINER${answers}`,
      SecretAccessKey: "secret",
      Token: `token-${answers}`,
      Expiration: new Date(Date.now() + 6 * 3_600_000).toISOString(),
    };
    response.setHeader("Content-Type", "application/json").end(JSON.stringify(keys));
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys` };
}
