import { expect, it } from "vitest";
import { parseFilter } from "../filter/parser.ts";
import { readKeepPolicy } from "./keep-policy.ts";

it("a rule is a filter expression, or a share and one", () => {
  const rules = ["fault", ' 20% service("search") ', '0.5% http.url CONTAINS "/health"', '0 % user = "probe"'];
  const policy = readKeepPolicy({ rules, restShare: 0.1 });
  expect(policy.restShare).toBe(0.1);
  expect(policy.rules.map(({ share }) => share)).toEqual([1, 0.2, 0.005, 0]);
  expect(policy.rules[1]).toMatchObject({ text: '20% service("search")', filter: parseFilter('service("search")') });
});

it.each([
  ["fualt", /"fualt" cannot be read: .*at 0/],
  ["20% responsetime >", /at 18/],
  ["120% fault", /more than 100%/],
])("a rule that cannot be read is refused with its place: %s", (rule, message) => {
  expect(() => readKeepPolicy({ rules: [rule], restShare: 1 })).toThrow(
    expect.objectContaining({ code: "FLUORO_BAD_CONFIG", message: expect.stringMatching(message) }),
  );
});

it("expressions are read as the configuration says", () => {
  const groups = new Map([["mine", "fault"]]);
  const [rule] = readKeepPolicy({ rules: ['group.name = "mine"'], restShare: 1 }, { groups }).rules;
  expect(rule?.filter).toEqual(parseFilter('group.name = "mine"', { groups }));
});
