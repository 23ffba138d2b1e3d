import { CreateSamplingRuleCommand, UpdateSamplingRuleCommand } from "@aws-sdk/client-xray";
import { ROOT_CONTEXT, SpanKind } from "@opentelemetry/api";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Sampler } from "../../src/sampling/sampler.ts";
import { SamplingPoller } from "../../src/sdk/sampling-poller.ts";
import { XRaySampler } from "../../src/sdk/xray-sampler.ts";
import { type AServer, aServer } from "./a-server.ts";

/** The SDK's sampler against the real API of `up`, over TCP. */
let server: AServer;
let endpoint: { host: string; port: number };

const shape = {
  ...{ RuleName: "orders", Priority: 5, FixedRate: 1, ReservoirSize: 0, Version: 1, ResourceARN: "*" },
  ...{ ServiceName: "shop", ServiceType: "*", Host: "*", HTTPMethod: "*", URLPath: "/orders*" },
};

beforeAll(async () => {
  server = await aServer();
  const { hostname, port } = new URL(server.addresses.http);
  endpoint = { host: hostname, port: Number(port) };
  await server.client.send(new CreateSamplingRuleCommand({ SamplingRule: shape }));
});

afterAll(() => server.close());

const decide = (sampler: XRaySampler, path: string) =>
  sampler.shouldSample(ROOT_CONTEXT, "", "GET", SpanKind.SERVER, { "url.path": path }, []);

it("follows the rules that the API knows, and says in the segment which", async () => {
  const sampler = new XRaySampler({ serviceName: "shop", endpoint });
  await sampler.refresh();
  const attributes = { "aws.xray.sampling_rule_name": "orders" };
  expect(decide(sampler, "/orders/1")).toEqual({ decision: 2, attributes });
  const other = new XRaySampler({ serviceName: "another", endpoint });
  await other.refresh();
  expect(decide(other, "/orders/1").attributes).not.toEqual(attributes);
  sampler.close();
  other.close();
});

it("asks by itself when it decides for the first time", async () => {
  const sampler = new XRaySampler({ serviceName: "shop", endpoint });
  decide(sampler, "/orders/1");
  await expect
    .poll(() => decide(sampler, "/orders/1").attributes, { timeout: 10_000 })
    .toEqual({ "aws.xray.sampling_rule_name": "orders" });
  sampler.close();
});

it("C-116, C-118: what it reports is counted, and what has changed since is followed", async () => {
  const sampler = new Sampler({ clientId: "0123456789abcdef01234567" });
  const poller = new SamplingPoller(sampler, { endpoint });
  await poller.fetchRules();
  const ask = () =>
    sampler.decide({ serviceName: "shop", urlPath: "/orders/1" }, Date.now() / 1_000, Math.random).isSampled;
  expect([ask(), ask(), ask()]).toEqual([true, true, true]);
  await server.client.send(new UpdateSamplingRuleCommand({ SamplingRuleUpdate: { RuleName: "orders", FixedRate: 0 } }));
  await poller.report();
  expect(ask()).toBe(false);
  const { body } = await server.post("/SamplingStatisticSummaries", {});
  expect(body.SamplingStatisticSummaries).toMatchObject([{ RuleName: "orders", RequestCount: 3, SampledCount: 3 }]);
  poller.close();
});

it("C-110: with nobody to ask, local rules decide, and nobody waits", async () => {
  const localRules = { rules: [], otherwise: { fixedTarget: 0, rate: 1 } };
  const sampler = new XRaySampler({ endpoint: { host: "127.0.0.1", port: 9 }, localRules });
  await sampler.refresh();
  expect(decide(sampler, "/")).toEqual({ decision: 2 });
  sampler.close();
});
