import { describe, expect, it } from "vitest";
import { parseLocalRules } from "../../src/sampling/local-rules.ts";
import { LocalSampler } from "../../src/sampling/local-sampler.ts";
import type { SamplingRequest } from "../../src/sampling/match-rule.ts";
import { defaultRule, inOrder, isForSdks, type SamplingRule } from "../../src/sampling/rule.ts";
import { Sampler, type SamplingDecision } from "../../src/sampling/sampler.ts";
import { reservoirTtlFor, SamplingTargets } from "../../src/sampling/targets.ts";
import { parseTraceHeader } from "../../src/xray/trace-header.ts";

const clientId = "a597d6a792c1fbf9af0be858";
const never = () => 0.999;
const aRule = (members: Partial<SamplingRule>): SamplingRule => ({
  ...defaultRule,
  name: "shop",
  priority: 1,
  ...members,
});

function aSampler(rules: readonly SamplingRule[], nowSeconds = 0): Sampler {
  const sampler = new Sampler({ clientId });
  sampler.applyRules(rules, nowSeconds);
  return sampler;
}

/** How many of 20 evenly spaced requests are recorded in each of some seconds. */
function perSecond(decide: (nowSeconds: number) => boolean, from: number, seconds: number): number[] {
  return Array.from({ length: seconds }, (_, second) => {
    const times = Array.from({ length: 20 }, (_, index) => from + second + index / 20);
    return times.filter(decide).length;
  });
}

describe("the client decides", () => {
  it("C-110: without rules it records one a second, and 5 % of the others", () => {
    const sampler = new Sampler({ clientId });
    const decide = (now: number) => sampler.decide({ urlPath: "/" }, now, never);
    expect(decide(100)).toEqual<SamplingDecision>({ isSampled: true });
    expect(perSecond((now) => decide(now).isSampled, 101, 5)).toEqual([1, 1, 1, 1, 1]);
    expect(sampler.decide({}, 105.99, () => 0.049).isSampled).toBe(true);
    expect(sampler.decide({}, 105.99, () => 0.05).isSampled).toBe(false);
    expect(sampler.report(110)).toEqual([]);
  });

  it("C-111: with a reservoir and no target yet it borrows exactly one a second", () => {
    const sampler = aSampler([aRule({ reservoirSize: 50, fixedRate: 0 })]);
    expect(perSecond((now) => sampler.decide({}, now, never).isSampled, 0, 4)).toEqual([1, 1, 1, 1]);
    expect(sampler.report(10)).toMatchObject([[{ requestCount: 80, borrowCount: 4, sampledCount: 0 }]]);
  });

  it("C-111: without a reservoir it borrows nothing", () => {
    const sampler = aSampler([aRule({ reservoirSize: 0, fixedRate: 0 })]);
    expect(perSecond((now) => sampler.decide({}, now, never).isSampled, 0, 2)).toEqual([0, 0]);
  });

  it("C-112: with a quota of 5 it records five a second", () => {
    const sampler = aSampler([aRule({ reservoirSize: 50, fixedRate: 0 })]);
    sampler.applyTargets({ targets: [{ ruleName: "shop", reservoirQuota: 5, reservoirTtlSeconds: 300 }] });
    expect(perSecond((now) => sampler.decide({}, now, never).isSampled, 11, 3)).toEqual([5, 5, 5]);
  });

  it("C-113: once the quota is out of date it borrows again", () => {
    const sampler = aSampler([aRule({ reservoirSize: 50, fixedRate: 0 })]);
    sampler.applyTargets({ targets: [{ ruleName: "shop", reservoirQuota: 5, reservoirTtlSeconds: 12.99 }] });
    expect(perSecond((now) => sampler.decide({}, now, never).isSampled, 11, 4)).toEqual([5, 5, 1, 1]);
  });

  it("C-114: rules are tried by priority, then by name, the default last", () => {
    const rules = [aRule({ name: "p5", priority: 5 }), defaultRule, aRule({ name: "b" }), aRule({ name: "a" })];
    expect(inOrder(rules).map(({ name }) => name)).toEqual(["a", "b", "p5", "Default"]);
    expect(aSampler(rules).decide({}, 1, never).ruleName).toBe("a");
  });

  it.each<[what: string, members: Partial<SamplingRule>]>([
    ["attributes", { attributes: { tier: "gold" } }],
    ["version 2", { version: 2 }],
    ["a resource of its own", { resourceArn: "arn:aws:lambda:eu-west-1:000000000000:function:shop" }],
  ])("C-115: a rule with %s is skipped", (_, members) => {
    expect(isForSdks(aRule(members))).toBe(false);
    expect(aSampler([aRule(members), defaultRule]).decide({}, 1, never).ruleName).toBe("Default");
  });

  it("C-120: rules that are older than an hour give way to the local ones", () => {
    const sampler = aSampler([aRule({ reservoirSize: 0, fixedRate: 1 })], 1_000);
    expect(sampler.decide({}, 4_600, never)).toEqual({ isSampled: true, ruleName: "shop" });
    expect(sampler.decide({}, 4_600.1, never)).toEqual({ isSampled: true });
    expect(sampler.decide({}, 4_600.2, never)).toEqual({ isSampled: false });
  });

  it.each([
    ["Sampled=0", false],
    ["Sampled=1", true],
  ])("C-121: %s from the caller stands and is not counted", (text, isSampled) => {
    const sampler = aSampler([defaultRule]);
    const { sampled } = parseTraceHeader(`Root=1-5759e988-bd862e3fe1be46a994272793;${text}`);
    expect(sampler.decide({}, 1, never, sampled)).toEqual({ isSampled });
    expect(sampler.report(10)).toEqual([]);
  });

  it.each(["Sampled=?", "Sampled=true"])("C-121: %s from the caller leaves the decision to the sampler", (text) => {
    const { sampled } = parseTraceHeader(text);
    expect(aSampler([defaultRule]).decide({}, 1, never, sampled)).toEqual({ isSampled: true, ruleName: "Default" });
  });

  it.each(["/ping", "/ping?x=1"])("C-124: a rule for /ping is for %s", (urlPath) => {
    const sampler = aSampler([aRule({ urlPath: "/ping", reservoirSize: 0, fixedRate: 0 }), defaultRule]);
    expect(sampler.decide({ urlPath }, 1, never)).toEqual({ isSampled: false, ruleName: "shop" });
  });
});

describe("the client reports", () => {
  it("C-116: all requests once, under the same client id", () => {
    const sampler = aSampler([defaultRule]);
    for (let index = 0; index < 20; index += 1) sampler.decide({}, index / 2, never);
    expect(sampler.report(10.4)).toEqual([
      [{ ruleName: "Default", clientId, timestampSeconds: 10, requestCount: 20, borrowCount: 10, sampledCount: 0 }],
    ]);
    sampler.decide({}, 15, never);
    expect(sampler.report(20.4)).toMatchObject([[{ clientId, requestCount: 1, borrowCount: 1 }]]);
    expect(sampler.report(30.4)).toEqual([]);
  });

  it("C-117: 26 rules in two calls", () => {
    const rules = Array.from({ length: 26 }, (_, index) => aRule({ name: `r${index}`, urlPath: `/${index}` }));
    const sampler = aSampler(rules);
    for (const { urlPath } of rules) sampler.decide({ urlPath }, 1, never);
    expect(sampler.report(10).map((call) => call.length)).toEqual([25, 1]);
  });

  it("C-118: a newer modification of the rules asks for a poll at once", () => {
    const sampler = aSampler([defaultRule], 1_000.5);
    const isStale = (lastRuleModificationSeconds: number) =>
      sampler.applyTargets({ targets: [], lastRuleModificationSeconds });
    expect(isStale(999)).toBe(false);
    expect(isStale(1_005)).toBe(true);
    sampler.applyRules([defaultRule], 1_010);
    expect(isStale(1_005)).toBe(false);
  });
});

describe("the server answers", () => {
  const report = { clientId, timestampSeconds: 0, requestCount: 1, sampledCount: 0, borrowCount: 1 };

  it("C-112: the Node SDK, which sends no User-Agent, gets a time-to-live that it can read", () => {
    const ttl = reservoirTtlFor(undefined, 1_795_504_000);
    expect(new Date(ttl).getTime()).toBe(1_795_504_000_000);
    expect(reservoirTtlFor("Botocore/1.43.11", 1_795_504_000)).toBe(1_795_504_000);
  });

  it("C-117: more than 25 reports in one call", () => {
    const rules = Array.from({ length: 26 }, (_, index) => aRule({ name: `r${index}` }));
    const reports = rules.map(({ name }) => ({ ...report, ruleName: name }));
    expect(new SamplingTargets().answer(reports, rules, 0).targets).toHaveLength(26);
  });

  it("C-119: numbers where the Node SDK insists on them", () => {
    const [target] = new SamplingTargets().answer([{ ...report, ruleName: "Default" }], [defaultRule], 100).targets;
    expect(target).toEqual({
      ruleName: "Default",
      fixedRate: 0.05,
      reservoirQuota: 1,
      reservoirTtlSeconds: 400,
      intervalSeconds: 10,
    });
  });
});

describe("the local rules file", () => {
  const rule = { host: "*", http_method: "*", url_path: "/x", fixed_target: 0, rate: 0 };
  const aFile = (members: object) =>
    JSON.stringify({ version: 2, default: { fixed_target: 1, rate: 0.05 }, rules: [rule], ...members });
  const reasonFor = (text: string) => {
    const parsed = parseLocalRules(text);
    return parsed.kind === "refused" ? parsed.reason : "accepted";
  };

  it("C-122: the file that the others are made from is accepted", () => {
    expect(reasonFor(aFile({}))).toBe("accepted");
  });

  it.each([
    ["a rate of 1.5", aFile({ rules: [{ ...rule, rate: 1.5 }] }), "rules.0.rate must be"],
    ["a rate of 1.5 for the others", aFile({ default: { fixed_target: 1, rate: 1.5 } }), "default.rate must be"],
    ["a target of -1", aFile({ rules: [{ ...rule, fixed_target: -1 }] }), "rules.0.fixed_target must be"],
    ["a target of 0.5", aFile({ rules: [{ ...rule, fixed_target: 0.5 }] }), "rules.0.fixed_target must be"],
    ["a host for the others", aFile({ default: { fixed_target: 1, rate: 0, host: "*" } }), `it must not have "host"`],
    ["version 3", aFile({ version: 3 }), "version must be 1 or 2"],
    ["no version", aFile({ version: undefined }), "version must be 1 or 2"],
    ["nothing for the others", aFile({ default: undefined }), "default must be an object"],
    ["a rule without a path", aFile({ rules: [{ ...rule, url_path: undefined }] }), "rules.0.url_path must be"],
    ["a rule with an empty path", aFile({ rules: [rule, { ...rule, url_path: "" }] }), "rules.1.url_path must be"],
    ["a member nobody knows", aFile({ rules: [{ ...rule, colour: "red" }] }), `has "colour"`],
    ["version 1's member in version 2", aFile({ rules: [{ ...rule, service_name: "*" }] }), `has "service_name"`],
    ["rules that are no list", aFile({ rules: {} }), "rules must be a list"],
    ["a rule that is no object", aFile({ rules: [7] }), "rules.0 must be an object"],
    ["no object at all", "[]", "The file must be an object"],
    ["no JSON", "{", "The file is not JSON"],
  ])("C-122: %s is refused", (_, text, reason) => {
    expect(reasonFor(text)).toContain(reason);
  });

  it("C-123: version 1's service_name is version 2's host", () => {
    const { host, ...rest } = { ...rule, host: "*.example.com" };
    const first = parseLocalRules(aFile({ version: 1, rules: [{ ...rest, service_name: host }] }));
    expect(first).toEqual(parseLocalRules(aFile({ rules: [{ ...rest, host }] })));
    expect(first.kind).toBe("rules");
  });

  it.each<SamplingRequest>([{ urlPath: "/x" }, { urlPath: "/x?y" }])(
    "C-124: a local rule looks at the path of %j only",
    (request) => {
      const parsed = parseLocalRules(aFile({ default: { fixed_target: 9, rate: 1 } }));
      expect(parsed.kind === "rules" && new LocalSampler(parsed.rules).decide(request, 1, () => 0)).toBe(false);
    },
  );
});
