import { describe, expect, it } from "vitest";
import type { WireTraceSummary } from "../../api/wire.ts";
import { complete } from "../../filter/complete.ts";
import { checkFilter, isUnfinished } from "./check-filter.ts";
import { completionData } from "./completion-data.ts";
import { hasClause, refineFilter } from "./refine-filter.ts";
import { wantedValues } from "./wanted-values.ts";

describe("refineFilter", () => {
  it.each([
    ["", "fault", "fault"],
    ["fault", "fault", ""],
    ["responsetime > 1", "fault", "responsetime > 1 AND fault"],
    ["responsetime > 1 AND fault", "fault", "responsetime > 1"],
    ["ok OR error", "fault", "(ok OR error) AND fault"],
    ["(ok OR error) AND fault", "fault", "ok OR error"],
    ["fault AND responsetime > 1", "fault", "responsetime > 1"],
    ["(ok) OR (error) AND fault", "fault", "((ok) OR (error) AND fault) AND fault"],
  ])("makes of %j and %j: %j", (text, clause, expected) => {
    expect(refineFilter(text, clause)).toBe(expected);
  });

  it("knows its own clauses again", () => {
    expect(hasClause("responsetime > 1 AND fault", "fault")).toBe(true);
    expect(hasClause("!fault", "fault")).toBe(false);
  });
});

describe("checkFilter", () => {
  it("finds the character at fault", () => {
    expect(checkFilter("responsetime >> 1")).toMatchObject({ at: 14 });
    expect(checkFilter('service("a") { fault }')).toBeUndefined();
    expect(checkFilter("")).toBeUndefined();
  });

  it("takes any group for one that the server knows, and still sees what is wrong beside it", () => {
    expect(checkFilter('group.name = "slow" AND fault')).toBeUndefined();
    expect(checkFilter('group.arn != "arn:aws:xray:eu-west-1:1:group/slow/ABC"')).toBeUndefined();
    expect(checkFilter('group.name > "slow"')).toMatchObject({ at: 11 });
    expect(refineFilter('group.name = "slow"', "fault")).toBe('group.name = "slow" AND fault');
  });

  it("tells what is wrong from what is not finished yet", () => {
    for (const text of ["responsetime >", 'service("ord', "fault AND ", "service(", "fault AND respo"]) {
      expect([text, isUnfinished(text, checkFilter(text)!)]).toEqual([text, true]);
    }
    for (const text of ["responsetime >> 1", "respo > 1", "fault fualt "]) {
      expect([text, isUnfinished(text, checkFilter(text)!)]).toEqual([text, false]);
    }
  });
});

describe("completionData", () => {
  const summary = {
    Http: { HttpMethod: "GET", HttpURL: "http://shop/" },
    Annotations: { tier: [{ AnnotationValue: { StringValue: "plus" }, ServiceIds: [] }] },
    ServiceIds: [
      { Name: "web", Names: ["web"], Type: "client" },
      { Name: "users", Names: ["users"] },
    ],
    Users: [{ UserName: "ada", ServiceIds: [] }],
    InstanceIds: [],
    AvailabilityZones: [],
    ResourceARNs: [],
  } as unknown as WireTraceSummary;
  const graph = {
    Services: [{ Name: "web", Type: "client" }, { Name: "web" }, { Name: "orders@db", Type: "Database::SQL" }],
  } as never;

  it("offers the services of the graph, and what the summaries say", () => {
    const data = completionData([graph], [summary]);
    expect(complete('service("', 9, data).map((each) => each.label)).toEqual(["web", "orders@db", "users"]);
    expect(complete("annotation.t", 12, data).map((each) => each.label)).toContain("annotation.tier");
    const labels = (text: string): string[] => complete(text, text.length, data).map((each) => each.label);
    expect(labels("user = ")).toEqual(["ada"]);
    expect(labels("annotation.tier = ")).toContain("plus");
  });
});

describe("wantedValues", () => {
  it.each([
    ["user = ", { keyword: "user", contains: "" }],
    ['user = "al', { keyword: "user", contains: "al" }],
    ["annotation.tier = pl", { keyword: "annotation.tier", contains: "pl" }],
    ['service("or', { keyword: "service", contains: "or" }],
    ["fault AND annotation.ti", { keyword: "annotation", contains: "ti" }],
    ['http.url BEGINSWITH "http://', { keyword: "http.url", contains: "http://" }],
    ["responsetime > ", undefined],
    ["fault ", undefined],
  ])("asks for the values that fit behind %j: %j", (text, wanted) => {
    expect(wantedValues(text, text.length)).toEqual(wanted);
  });
});
