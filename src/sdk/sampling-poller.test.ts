import { expect, it } from "vitest";
import { Sampler } from "../sampling/sampler.ts";
import { SamplingPoller } from "./sampling-poller.ts";

const endpoint = { host: "127.0.0.1", port: 9 };
const clientId = "0123456789abcdef01234567";

const wireRule = (name: string, priority: number, fixedRate: number) => ({
  SamplingRule: {
    RuleName: name,
    Priority: priority,
    FixedRate: fixedRate,
    ReservoirSize: 0,
    ServiceName: "*",
    ServiceType: "*",
    Host: "*",
    HTTPMethod: "*",
    URLPath: "*",
    ResourceARN: "*",
    Version: 1,
    Attributes: {},
  },
});

/** A poller whose questions are answered from a table, and what it asked. */
function polled(answer: (path: string, question: Record<string, unknown>) => unknown) {
  const sampler = new Sampler({ clientId, localRules: { rules: [], otherwise: { fixedTarget: 0, rate: 0 } } });
  const asked: [path: string, question: Record<string, unknown>][] = [];
  const ask = async (_: unknown, path: string, question: unknown): Promise<unknown> => {
    asked.push([path, question as Record<string, unknown>]);
    return answer(path, question as Record<string, unknown>);
  };
  return { sampler, asked, poller: new SamplingPoller(sampler, { endpoint, ask }) };
}

const decide = (sampler: Sampler) => sampler.decide({ urlPath: "/" }, Date.now() / 1_000, () => 0.5);

it("rules of all pages are followed", async () => {
  const { sampler, asked, poller } = polled((_, { NextToken: token }) =>
    token === undefined
      ? { SamplingRuleRecords: [wireRule("Default", 10_000, 0)], NextToken: "2" }
      : { SamplingRuleRecords: [wireRule("all", 1, 1)] },
  );
  await poller.fetchRules();
  expect(asked.map(([, question]) => question)).toEqual([{}, { NextToken: "2" }]);
  expect(decide(sampler)).toEqual({ isSampled: true, ruleName: "all" });
});

it("local rules decide when the daemon does not answer, and when it answers nonsense", async () => {
  const silent = polled(() => {
    throw new Error("no daemon");
  });
  await silent.poller.fetchRules();
  expect(decide(silent.sampler)).toEqual({ isSampled: false });
  const strange = polled(() => ({ SamplingRuleRecords: [{ SamplingRule: { RuleName: 1 } }, null, "x"] }));
  await strange.poller.fetchRules();
  expect(decide(strange.sampler)).toEqual({ isSampled: false });
});

it("only rules that were used are reported, with their counts, and targets are followed", async () => {
  const { sampler, asked, poller } = polled((path) =>
    path === "/GetSamplingRules"
      ? { SamplingRuleRecords: [wireRule("used", 1, 1), wireRule("Default", 10_000, 1)] }
      : { SamplingTargetDocuments: [{ RuleName: "used", FixedRate: 0, ReservoirQuota: 0, ReservoirQuotaTTL: 4e9 }] },
  );
  await poller.fetchRules();
  decide(sampler);
  decide(sampler);
  await poller.report();
  const [path, question] = asked.at(-1)!;
  expect(path).toBe("/SamplingTargets");
  const used = { RuleName: "used", ClientID: clientId, RequestCount: 2, SampledCount: 2, BorrowCount: 0 };
  expect(question).toMatchObject({ SamplingStatisticsDocuments: [used] });
  expect((question.SamplingStatisticsDocuments as unknown[]).length).toBe(1);
  expect(decide(sampler)).toEqual({ isSampled: false, ruleName: "used" });
});

it("rules that have changed are fetched at once", async () => {
  const { sampler, asked, poller } = polled((path) =>
    path === "/GetSamplingRules"
      ? { SamplingRuleRecords: [wireRule("Default", 10_000, 1)] }
      : { LastRuleModification: Date.now() / 1_000 + 10 },
  );
  await poller.fetchRules();
  decide(sampler);
  await poller.report();
  expect(asked.map(([path]) => path)).toEqual(["/GetSamplingRules", "/SamplingTargets", "/GetSamplingRules"]);
});

it("reports that get lost do no harm, and a closed poller asks nobody", async () => {
  let isDown = false;
  const { sampler, asked, poller } = polled(() => {
    if (isDown) throw new Error("gone");
    return { SamplingRuleRecords: [wireRule("Default", 10_000, 1)] };
  });
  await poller.fetchRules();
  isDown = true;
  decide(sampler);
  await poller.report();
  expect(decide(sampler).isSampled).toBe(true);
  poller.close();
  const before = asked.length;
  await poller.fetchRules();
  await poller.report();
  expect(asked.length).toBe(before);
});
