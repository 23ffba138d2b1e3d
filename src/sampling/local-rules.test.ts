import fc from "fast-check";
import { expect, it } from "vitest";
import { defaultLocalRules, parseLocalRules } from "./local-rules.ts";
import { LocalSampler } from "./local-sampler.ts";

const never = () => 0.999;

it("a file is read", () => {
  const file = {
    version: 2,
    default: { fixed_target: 1, rate: 0.1 },
    rules: [
      { description: "no health checks", host: "*", http_method: "GET", url_path: "/health", fixed_target: 0, rate: 0 },
    ],
  };
  expect(parseLocalRules(JSON.stringify(file))).toEqual({
    kind: "rules",
    rules: {
      rules: [{ host: "*", httpMethod: "GET", urlPath: "/health", fixedTarget: 0, rate: 0 }],
      otherwise: { fixedTarget: 1, rate: 0.1 },
    },
  });
});

it("a file may do without rules", () => {
  const parsed = parseLocalRules('{"version":1,"default":{"fixed_target":1,"rate":0.05}}');
  expect(parsed).toEqual({ kind: "rules", rules: defaultLocalRules });
});

it("no text makes it throw", () => {
  const nearly = fc.record({ version: fc.constantFrom(1, 2), default: fc.jsonValue(), rules: fc.jsonValue() });
  const text = fc.oneof(
    fc.string(),
    fc.json(),
    nearly.map((file) => JSON.stringify(file)),
  );
  fc.assert(fc.property(text, (text) => ["rules", "refused"].includes(parseLocalRules(text).kind)));
});

it("the first rule that fits decides, and each has a reservoir of its own", () => {
  const sampler = new LocalSampler({
    rules: [
      { host: "*", httpMethod: "*", urlPath: "/a*", fixedTarget: 1, rate: 0 },
      { host: "*", httpMethod: "*", urlPath: "/ab", fixedTarget: 9, rate: 1 },
    ],
    otherwise: { fixedTarget: 1, rate: 0 },
  });
  const decide = (urlPath: string) => sampler.decide({ urlPath }, 5, never);
  expect(["/ab", "/ab", "/x", "/x"].map(decide)).toEqual([true, false, true, false]);
  expect(sampler.decide({ urlPath: "/ab" }, 6, never)).toBe(true);
});
