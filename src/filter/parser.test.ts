import { describe, expect, it } from "vitest";
import type { FilterSyntaxError } from "../errors.ts";
import { parseFilter, parseSelection, parseSelector } from "./parser.ts";
import type { Filter } from "./tree.ts";

function refusal(text: string, options?: Parameters<typeof parseFilter>[1]): FilterSyntaxError {
  try {
    parseFilter(text, options);
  } catch (error) {
    return error as FilterSyntaxError;
  }
  throw new Error(`This should have been refused: ${text}`);
}

const fault: Filter = { kind: "flag", keyword: "fault" };
const error: Filter = { kind: "flag", keyword: "error" };
const ok: Filter = { kind: "flag", keyword: "ok" };

describe("parseFilter", () => {
  it("takes an empty expression for every trace", () => {
    expect(parseFilter("")).toEqual({ kind: "everything" });
    expect(parseFilter(" \n\t")).toEqual({ kind: "everything" });
  });

  it("lets AND bind tighter than OR, and ! tighter than both", () => {
    expect(parseFilter("!fault AND error OR ok")).toEqual({
      kind: "or",
      terms: [{ kind: "and", terms: [{ kind: "not", term: fault }, error] }, ok],
    });
    expect(parseFilter("!(fault OR error)")).toEqual({ kind: "not", term: { kind: "or", terms: [fault, error] } });
  });

  it("takes terms side by side for AND", () => {
    expect(parseFilter("fault !error (ok)")).toEqual(parseFilter("fault AND !error AND ok"));
    expect(parseFilter('http.url CONTAINS "x" fault')).toEqual(parseFilter('http.url CONTAINS "x" AND fault'));
  });

  it("ignores the case of keywords, connectives and operators, but not of annotation keys and values", () => {
    expect(parseFilter('NOT Fault and HTTP.URL beginsWith "A" or Service("x") { OK = TRUE }')).toEqual(
      parseFilter('!fault AND http.url BEGINSWITH "A" OR service("x") { ok = true }'),
    );
    expect(parseFilter("ANNOTATION.Age")).toMatchObject({ key: "Age" });
  });

  it("needs no white space around operators", () => {
    expect(parseFilter('duration<3AND"x"'.slice(0, 10))).toEqual(parseFilter("duration < 3"));
    expect(parseFilter("http.status!=200")).toEqual(parseFilter("http.status != 200"));
    expect(parseFilter("responsetime>-1")).toMatchObject({ test: { operator: ">", value: -1 } });
  });

  it("turns flags compared with false into their negation", () => {
    const not = { kind: "not", term: fault };
    expect(parseFilter("fault = true")).toEqual(fault);
    expect(parseFilter("fault != false")).toEqual(fault);
    expect(parseFilter("fault = false")).toEqual(not);
    expect(parseFilter("fault != true")).toEqual(not);
  });

  it("reads quotes and backslashes in texts, and leaves other backslashes alone", () => {
    expect(parseFilter(String.raw`user = "a\"b\\c\d"`)).toMatchObject({ test: { value: String.raw`a"b\c\d` } });
  });

  it("reads annotation keys with a dot, in brackets and in quotes", () => {
    for (const text of [
      "annotation.aws.local.service",
      "annotation[aws.local.service]",
      'annotation["aws.local.service"]',
    ]) {
      expect(parseFilter(text)).toEqual({
        kind: "annotation",
        key: "aws.local.service",
        test: { operator: "present" },
      });
    }
    expect(parseFilter("annotation.my-key")).toMatchObject({ key: "my-key" });
    expect(parseFilter('annotation["a key"]')).toMatchObject({ key: "a key" });
    for (const key of ["1", "2nd", "_x", "-"]) expect(parseFilter(`annotation[ ${key} ]`)).toMatchObject({ key });
  });

  it("tells the types of annotation values apart", () => {
    const value = (text: string): unknown => (parseFilter(text) as { test: { value: unknown } }).test.value;
    expect(["31", '"31"', "true", '"true"', "bare", "1.5e3"].map((text) => value(`annotation.a = ${text}`))).toEqual([
      31,
      "31",
      true,
      "true",
      "bare",
      1500,
    ]);
  });

  it("takes a bare word for a text", () => {
    expect(parseFilter("http.method = GET")).toEqual(parseFilter('http.method = "GET"'));
    expect(parseFilter("user = Zoë")).toEqual(parseFilter('user = "Zoë"'));
  });

  it("reads the parts of id() in any order, and any node from service()", () => {
    expect(parseFilter('service(id(account.id: "1", type: "T", name: "n"))')).toMatchObject({
      node: { name: "n", type: "T", accountId: "1" },
    });
    expect(parseFilter("service() {}")).toEqual({ kind: "service", node: {}, where: { kind: "everything" } });
    expect(parseFilter("service(id())")).toEqual(parseFilter("service()"));
  });

  it("reads the blocks that clients append", () => {
    expect(parseFilter('service(id(name: "x", type: "AWS::Lambda")) { ok = true }')).toMatchObject({ where: ok });
    expect(parseFilter('edge("a","b") { ok = true }')).toMatchObject({
      kind: "edge",
      from: { name: "a" },
      to: { name: "b" },
      where: ok,
    });
  });

  it("takes http.statuscode for http.status", () => {
    expect(parseFilter("http.statuscode >= 500")).toEqual(parseFilter("http.status >= 500"));
  });

  it("reads patterns of root causes", () => {
    const text = 'rootcause.json = #[{ "Services": [{ "Name": "a", "EntityPath": [{ "Name": "]}" }, {}] }] }, {}]';
    expect(parseFilter(`${text} AND fault`)).toMatchObject({
      terms: [
        {
          kind: "rootCauseJson",
          patterns: [{ services: [{ name: "a", entityPath: [{ name: "]}" }, {}] }] }, {}],
        },
        fault,
      ],
    });
  });

  it("answers plain data that crosses to another thread", () => {
    const filter = parseFilter('service("a") { annotation.x = 1 } OR rootcause.fault.entity { first }');
    expect(structuredClone(filter)).toEqual(filter);
  });
});

describe("our own terms", () => {
  it("are metadata with a path, with dots or brackets or both", () => {
    const path = ["default", "order", "id"];
    for (const text of [
      "metadata.default.order.id",
      "METADATA[default][order][id]",
      'metadata.default["order"] [id]',
    ]) {
      expect(parseFilter(text)).toEqual({ kind: "metadata", path, test: { operator: "present" } });
    }
    expect(parseFilter('metadata["a.b"].c'.replace(".c", "[c] >= 3"))).toEqual({
      kind: "metadata",
      path: ["a.b", "c"],
      test: { operator: ">=", value: 3 },
    });
  });

  it("are subsegments with a block, at the top and in a service's", () => {
    const subsegment = { kind: "subsegment", name: "load", where: fault };
    expect(parseFilter('subsegment("load") { fault }')).toEqual(subsegment);
    expect(parseFilter('service() { Subsegment( "load" ) { fault } }')).toMatchObject({ where: subsegment });
    expect(parseFilter("subsegment()")).toEqual({ kind: "subsegment", where: { kind: "everything" } });
  });
});

describe("choices", () => {
  it("are said in each comparison that they are about, groups and blocks included", () => {
    const groups = new Map([["g", 'service() { user != "a" }']]);
    const options = { groups, ignoreCase: true, missingDiffers: false };
    const text = { operator: "!=", value: "a", ignoresCase: true, needsValue: true };
    expect(parseFilter("group.name = g", options)).toMatchObject({ where: { test: text } });
    expect(parseFilter('metadata.a.b = "a"', options)).toMatchObject({
      test: { operator: "=", value: "a", ignoresCase: true },
    });
    expect(parseFilter("http.status != 200", options)).toMatchObject({
      test: { operator: "!=", value: 200, needsValue: true },
    });
    expect(parseFilter("annotation.a = 1", options)).toMatchObject({ test: { operator: "=", value: 1 } });
    expect(parseFilter("http.status != 200")).toEqual({
      kind: "number",
      keyword: "http.status",
      test: { operator: "!=", value: 200 },
    });
  });
});

it("reads AND and OR in the order in which they stand, if that was chosen", () => {
  const read = (text: string) => parseFilter(text, { leftToRight: true });
  expect(read("ok AND error OR fault")).toEqual(parseFilter("(ok AND error) OR fault"));
  expect(read("ok OR error AND fault")).toEqual(parseFilter("(ok OR error) AND fault"));
  expect(read("ok OR error fault fault OR !ok")).toEqual(parseFilter("((ok OR error) AND fault AND fault) OR !ok"));
  expect(read("ok AND (error OR fault)")).toEqual(parseFilter("ok AND (error OR fault)"));
  expect(read("service() { ok OR error AND fault }")).toEqual(parseFilter("service() { (ok OR error) AND fault }"));
  expect(() => read("ok OR")).toThrow("ends too soon");
});

describe("groups", () => {
  const groups = new Map([
    ["slow", "responsetime > 3"],
    ["bad", 'fault OR group.name = "slow"'],
    ["all", ""],
    ["broken", "bogus"],
    ["self", 'group.name = "self"'],
    ["ping", "group.name = pong"],
    ["pong", "!group.name = ping"],
  ]);

  it("stand for their expressions, by name and by ARN", () => {
    const slow = parseFilter("responsetime > 3");
    expect(parseFilter('group.name = "slow"', { groups })).toEqual(slow);
    expect(parseFilter('group.name != "slow"', { groups })).toEqual({ kind: "not", term: slow });
    expect(parseFilter('group.arn = "arn:aws:xray:eu-west-1:1:group/slow/ABC"', { groups })).toEqual(slow);
    expect(parseFilter("group.name = all", { groups })).toEqual({ kind: "everything" });
  });

  it("may use other groups and keep their own precedence", () => {
    expect(parseFilter("ok AND group.name = bad", { groups })).toEqual(
      parseFilter("ok AND (fault OR responsetime > 3)"),
    );
  });

  it("are refused where they are unknown, wrong or made of themselves", () => {
    expect(refusal('fault AND group.name = "none"', { groups })).toMatchObject({
      at: 23,
      message: 'There is no group "none" (at character 24).',
    });
    expect(refusal("group.name = slow").message).toContain("There is no group");
    expect(refusal("group.name = broken", { groups })).toMatchObject({ at: 13 });
    expect(refusal("group.name = broken", { groups }).message).toContain('There is no keyword "bogus"');
    expect(refusal("group.name = self", { groups }).message).toContain("made of itself");
    expect(refusal("group.name = ping", { groups }).message).toContain("made of itself");
  });

  it("cannot grow without bound by using each other", () => {
    const doubling = new Map([["g0", "fault"]]);
    for (let n = 1; n <= 30; n += 1) doubling.set(`g${n}`, `group.name = g${n - 1} OR group.name = g${n - 1}`);
    expect(refusal("group.name = g30", { groups: doubling }).message).toContain("more than 10000 terms");
  });
});

describe("an expression that cannot be read", () => {
  it.each([
    ['responsetime > "5"', 15, 'Unexpected "5" (at character 16). Expected a number.'],
    [
      "http.url > 5",
      9,
      'Unexpected ">" (at character 10). Expected =, !=, CONTAINS, BEGINSWITH, ENDSWITH, AND, OR or the end of the expression.',
    ],
    ['service("a") { fault', 20, 'The expression ends too soon (at character 21). Expected =, !=, AND, OR or "}".'],
    ['edge("a")', 8, 'Unexpected ")" (at character 9). Expected ",".'],
    ["bogus = 1", 0, 'There is no keyword "bogus" (at character 1). Expected a keyword.'],
    ["falt", 0, 'There is no keyword "falt" (at character 1). Expected fault.'],
    ["status = 500", 0, 'There is no keyword "status" (at character 1). Expected http.status or any.http.status.'],
    ["fault AND", 9, "The expression ends too soon (at character 10). Expected a keyword."],
    ["fault )", 6, 'Unexpected ")" (at character 7). Expected =, !=, AND, OR or the end of the expression.'],
    ['user = "alice', 7, 'The text that begins here is never closed (at character 8). Expected ".'],
    [
      "responsetime ~ 5",
      13,
      'Unexpected "~" (at character 14). Expected =, !=, <, <=, >, >=, AND, OR or the end of the expression.',
    ],
    ["annotation[age > 3", 15, 'Unexpected ">" (at character 16). Expected "]".'],
    ["fault = 1", 8, 'Unexpected "1" (at character 9). Expected true or false.'],
    ["responsetime = true", 15, 'Unexpected "true" (at character 16). Expected a number.'],
    ["http.url = 5", 11, 'Unexpected "5" (at character 12). Expected a text in quotes.'],
    ["http.url = true", 11, 'Unexpected "true" (at character 12). Expected a text in quotes.'],
    ["http.method = AND", 14, 'Unexpected "AND" (at character 15). Expected a text in quotes.'],
    ['annotation.a < "x"', 15, 'Unexpected "x" (at character 16). Expected a number.'],
    ["annotation.a CONTAINS 5", 22, 'Unexpected "5" (at character 23). Expected a text in quotes.'],
    ["annotation = 5", 11, 'Unexpected "=" (at character 12). Expected "[".'],
    ["annotation. = 5", 0, "An annotation has a key (at character 1). Expected annotation.key or annotation[key]."],
    ["()", 1, 'Unexpected ")" (at character 2). Expected a keyword.'],
    ["OR fault", 0, 'Unexpected "OR" (at character 1). Expected a keyword.'],
    ["!", 1, "The expression ends too soon (at character 2). Expected a keyword."],
    ['"alice"', 0, 'Unexpected "alice" (at character 1). Expected a keyword.'],
    ["service", 7, 'The expression ends too soon (at character 8). Expected "(".'],
    ["service(shop)", 8, 'Unexpected "shop" (at character 9). Expected a service name in quotes, id(…) or ")".'],
    ['service(id(nam: "x"))', 11, 'Unexpected "nam" (at character 12). Expected name:, type:, account.id: or ")".'],
    ['service(id(name: "x", name: "y"))', 22, 'Unexpected "name" (at character 23). Expected type: or account.id:.'],
    ["service(id(name: x))", 17, 'Unexpected "x" (at character 18). Expected a text in quotes.'],
    ["group.name", 10, "The expression ends too soon (at character 11). Expected = or !=."],
    ["group.name > 5", 11, 'Unexpected ">" (at character 12). Expected = or !=.'],
    ["rootcause.json = 5", 17, 'Unexpected "5" (at character 18). Expected #[…].'],
    ["rootcause.json = #[{]", 17, "The list that begins here is never closed (at character 18). Expected ]."],
    ["rootcause.json = #[nonsense]", 17, "What stands behind # is not JSON (at character 18). Expected #[…]."],
    ["rootcause.json = #{}", 17, "What stands behind # is not a JSON list (at character 18). Expected #[…]."],
    [
      'rootcause.json = #[{"Service":[]}]',
      17,
      "A root cause has ClientImpacting, Services, but no Service (at character 18). Expected #[…].",
    ],
    [
      'rootcause.json = #[{"Services":[{"Name":5}]}]',
      17,
      "Name of a root cause is a text (at character 18). Expected #[…].",
    ],
    ["user = “alice”", 7, 'Unexpected "“" (at character 8). Expected a text in quotes.'],
    [
      "duration > 1e999",
      11,
      "This number is larger than any that can be compared (at character 12). Expected a number.",
    ],
    ["fault 🙂", 6, 'Unexpected "🙂" (at character 7). Expected =, !=, AND, OR or the end of the expression.'],
  ])("%s", (text, at, message) => {
    expect(refusal(text)).toMatchObject({ code: "FLUORO_FILTER_SYNTAX", at, message });
  });

  it.each([
    ["first", 0],
    ["message", 0],
    ["name", 0],
    ["coverage > 0.5", 0],
    ["service() { index = 0 }", 12],
    ["service() { service() }", 12],
    ["service() { group.name = x }", 12],
    ['edge("a", "b") { user }', 17],
    ['edge("a", "b") { annotation.x }', 17],
    ["rootcause.fault.service { coverage > 0.5 }", 26],
    ["rootcause.fault.entity { coverage > 0.5 }", 25],
    ["rootcause.fault.entity { type = x }", 25],
    ["rootcause.fault.exception { inferred }", 28],
    ["rootcause.responsetime.entity { message }", 32],
    ["rootcause.error.service { fault }", 26],
  ])("names the keyword that is not valid there: %s", (text, at) => {
    expect(refusal(text)).toMatchObject({ at, message: expect.stringContaining("is not valid here") });
    expect(refusal(text).expected.length).toBeGreaterThan(1);
  });

  it("knows no exceptions of slow traces", () => {
    expect(refusal("rootcause.responsetime.exception").message).toContain("There is no keyword");
  });

  it.each(['any.http.url = "x"', "metadata.default.x", "metadata[default][x]", 'subsegment("x") { fault }'])(
    "does not know our own extensions when it is strict: %s",
    (text) => {
      expect(refusal(text, { strict: true }).message).toContain("There is no keyword");
      expect(() => parseFilter(text)).not.toThrow();
    },
  );

  it.each([
    ["metadata", 8, 'The expression ends too soon (at character 9). Expected "[".'],
    [
      "metadata.",
      0,
      "Metadata has a namespace and a key (at character 1). Expected metadata.namespace.key or metadata[namespace][key].",
    ],
    [
      "metadata.a..b",
      0,
      "Metadata has a namespace and a key (at character 1). Expected metadata.namespace.key or metadata[namespace][key].",
    ],
    ["metadata[", 9, "The expression ends too soon (at character 10). Expected a namespace or key of metadata."],
    ["metadata.a < true", 13, 'Unexpected "true" (at character 14). Expected a number.'],
    ["subsegment", 10, 'The expression ends too soon (at character 11). Expected "(".'],
    ["subsegment(x)", 11, 'Unexpected "x" (at character 12). Expected a subsegment\'s name in quotes or ")".'],
    ["subsegment() { user }", 15, 'The keyword "user" is not valid here (at character 16).'],
    ["subsegment() { subsegment() }", 15, 'The keyword "subsegment" is not valid here (at character 16).'],
    ["namespace = aws", 0, 'The keyword "namespace" is not valid here (at character 1).'],
    ['edge("a", "b") { metadata.x.y }', 17, 'The keyword "metadata.x.y" is not valid here (at character 18).'],
  ])("says what is wrong with %s", (text, at, message) => {
    expect(refusal(text)).toMatchObject({ at, message: expect.stringContaining(message) });
  });

  it("may be nested 200 deep, and no deeper", () => {
    const nested = (levels: number): string => `${"(".repeat(levels)}fault${")".repeat(levels)}`;
    expect(parseFilter(nested(200))).toEqual(fault);
    expect(refusal(nested(201)).message).toContain("nested deeper than 200 levels");
    expect(refusal("!".repeat(9000)).message).toContain("nested deeper than 200 levels");
  });

  it("may have 10,000 characters, and no more", () => {
    expect(parseFilter(`fault${" ".repeat(9995)}`)).toEqual(fault);
    expect(refusal(`fault${" ".repeat(9996)}`)).toMatchObject({ at: 10_000 });
  });
});

describe("parseSelector", () => {
  it("reads services, ids and edges", () => {
    expect(parseSelector('service("a")')).toEqual({ kind: "service", node: { name: "a" } });
    expect(parseSelector("service()")).toEqual({ kind: "service", node: {} });
    expect(parseSelector(' id(name: "a", type: "T") ')).toEqual({ kind: "service", node: { name: "a", type: "T" } });
    expect(parseSelector('edge(id(name: "a", type: "client"), "a")')).toEqual({
      kind: "edge",
      from: { name: "a", type: "client" },
      to: { name: "a" },
    });
  });

  it.each([
    ["", 0],
    ["fault", 0],
    ['service("a") { fault }', 13],
    ['service("a") AND service("b")', 13],
    ["annotation.x = 1", 0],
    ["http.status = 500", 0],
    ['edge("a")', 8],
    ['!service("a")', 0],
  ])("refuses whatever else a filter may have: %s", (text, at) => {
    expect(() => parseSelector(text)).toThrow(expect.objectContaining({ code: "FLUORO_FILTER_SYNTAX", at }));
  });
});

describe("parseSelection", () => {
  const node = { name: "a" };
  const service = { kind: "service", node } as const;

  it("reads what X-Ray allows as a selector and nothing else", () => {
    for (const text of ['service("a")', "service()", ' id(name: "a", type: "T") ', 'edge(id(name: "a"), "a")']) {
      expect(parseSelection(text)).toEqual({ selector: parseSelector(text) });
    }
  });

  it("takes any filter: the first service or edge that must be there has the figures", () => {
    expect(parseSelection('service("a") { fault }')).toEqual({
      selector: service,
      filter: { ...service, where: fault },
    });
    expect(parseSelection('annotation.x = 1 AND (ok AND id(name: "a")) AND service("b")')).toMatchObject({
      selector: service,
      filter: { kind: "and" },
    });
    expect(parseSelection('edge("a", "b") { error } fault').selector).toMatchObject({
      kind: "edge",
      to: { name: "b" },
    });
  });

  it("has no selector where nothing is named that must be there", () => {
    for (const text of ["fault", '!service("a")', 'service("a") OR service("b")', "annotation.x = 1"]) {
      expect(parseSelection(text)).toEqual({ filter: parseFilter(text) });
    }
  });

  it("says what cannot be read", () => {
    expect(() => parseSelection("id(")).toThrow(expect.objectContaining({ at: 3 }));
    expect(() => parseSelection("service() { id() }")).toThrow('no keyword "id"');
    expect(() => parseFilter("id()")).toThrow('no keyword "id"');
  });
});
