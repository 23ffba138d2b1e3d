import { expect, it } from "vitest";
import { Decisions } from "./decisions.ts";

it("remembers the last decisions of each kind, within a tenth, and forgets the oldest", () => {
  const decisions = new Decisions(10);
  for (let at = 0; at < 100; at++) decisions.set(`share ${at}`, { weight: 0 });
  decisions.set("rule", { weight: 1, rule: 0 });
  for (let at = 100; at < 200; at++) decisions.set(`share ${at}`, { weight: 0 });
  expect(decisions.get("rule")).toEqual({ weight: 1, rule: 0 });
  expect(decisions.get("share 188")).toBeUndefined();
  for (let at = 190; at < 200; at++) expect(decisions.get(`share ${at}`)).toEqual({ weight: 0 });
});

it("a rule's decision takes the place of another", () => {
  const decisions = new Decisions();
  decisions.set("a", { weight: 0 });
  decisions.set("a", { weight: 1, rule: 2 });
  expect(decisions.get("a")).toEqual({ weight: 1, rule: 2 });
});
