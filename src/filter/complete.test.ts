import { describe, expect, it } from "vitest";
import { type CompletionData, complete } from "./complete.ts";

const data: CompletionData = {
  nodes: [
    { name: "api.example.com", type: "AWS::EC2::Instance", accountId: "111122223333" },
    { name: "backend" },
    { name: 'odd "name"', type: "remote" },
  ],
  annotations: new Map([
    ["tenant", ["acme", "globex"]],
    ["age", [31]],
    ["a key", [true]],
  ]),
  values: new Map([["http.method", ["GET", "POST"]]]),
  groups: ["slow"],
  subsegments: ["## load"],
};

/** The expression with the cursor as `|`. */
function labels(marked: string, options: CompletionData = {}): string[] {
  const cursor = marked.indexOf("|");
  return complete(marked.replace("|", ""), cursor, { ...data, ...options }).map((completion) => completion.label);
}

/** The expression after the proposal of that label was taken. */
function taken(marked: string, label: string): string {
  const cursor = marked.indexOf("|");
  const text = marked.replace("|", "");
  const chosen = complete(text, cursor, data).find((completion) => completion.label === label)!;
  return text.slice(0, chosen.from) + chosen.text + text.slice(chosen.to);
}

describe("complete", () => {
  it("proposes the keywords of the scope that begin with what is typed", () => {
    expect(labels("fau|")).toEqual(["fault"]);
    expect(labels("http.u|")).toEqual(["http.url", "http.useragent"]);
    expect(labels('edge("a", "b") { re|')).toEqual(["responsetime"]);
    expect(labels("service() { us|")).toEqual(["user"]);
    expect(labels('edge("a", "b") { us|')).toEqual([]);
    expect(labels("rootcause.fault.service { |")).toEqual(["inferred", "first", "last", "index", "name", "type", "}"]);
  });

  it("proposes keywords for an empty expression, and annotation keys among them", () => {
    expect(labels("|")).toEqual(
      expect.arrayContaining(["ok", "service(…)", "edge(…)", "annotation.tenant", "group.name"]),
    );
    expect(labels("ann|")).toEqual(["annotation.", "annotation.tenant", "annotation.age", 'annotation["a key"]']);
  });

  it("proposes our own terms, unless they are refused", () => {
    const ours = ["any.http.url", "metadata.", "subsegment(…)"];
    expect(labels("|")).toEqual(expect.arrayContaining(ours));
    expect(labels("|", { strict: true }).filter((label) => ours.includes(label))).toEqual([]);
    expect(labels("service() { sub|")).toEqual(["subsegment(…)"]);
    expect(labels("subsegment() { n|")).toEqual(["name", "namespace"]);
    expect(labels("subsegment(|")).toEqual(["## load", ")"]);
    expect(labels('subsegment("loa|')).toEqual(["## load"]);
    expect(labels("metadata.default.x |")).toEqual(expect.arrayContaining([">=", "CONTAINS"]));
    expect(taken("met|", "metadata.")).toBe("metadata.");
  });

  it("proposes the operators that fit, and how to go on", () => {
    expect(labels("responsetime |")).toEqual(["=", "!=", "<", "<=", ">", ">=", "AND", "OR"]);
    expect(labels("http.url |")).toEqual(["=", "!=", "CONTAINS", "BEGINSWITH", "ENDSWITH", "AND", "OR"]);
    expect(labels("http.url beg|")).toEqual(["BEGINSWITH"]);
    expect(labels("fault a|")).toEqual(["AND"]);
  });

  it("proposes nodes by any part of their names, those that begin with it first", () => {
    expect(labels("service(|")).toEqual(["api.example.com", "backend", 'odd "name"', "id(…)", ")"]);
    expect(labels('service("e|')).toEqual(["api.example.com", "backend", 'odd "name"']);
    expect(labels('service("b|')).toEqual(["backend"]);
    expect(labels('edge("backend", "ex|')).toEqual(["api.example.com"]);
  });

  it("proposes the parts of an id that are left, and their values", () => {
    expect(labels("service(id(|")).toEqual(["name:", "type:", "account.id:", ")"]);
    expect(labels('service(id(name: "backend", |')).toEqual(["type:", "account.id:"]);
    expect(labels('service(id(type: "|')).toEqual(["AWS::EC2::Instance", "remote"]);
    expect(labels("service(id(account.id: |")).toEqual(["111122223333"]);
  });

  it("proposes values", () => {
    expect(labels("annotation.tenant = |")).toEqual(["acme", "globex"]);
    expect(labels("annotation.age = |")).toEqual(["31"]);
    expect(labels('annotation.tenant BEGINSWITH "g|')).toEqual(["globex"]);
    expect(labels("http.method = |")).toEqual(["GET", "POST"]);
    expect(labels("fault = |")).toEqual(["true", "false"]);
    expect(labels("group.name = |")).toEqual(["slow"]);
    expect(labels("annotation[|")).toEqual(["tenant", "age", "a key"]);
    expect(labels("service() { type = |")).toEqual(["AWS::EC2::Instance", "remote"]);
  });

  it("replaces the word or the text that the cursor stands in", () => {
    expect(taken("fault AND respon|set > 3", "responsetime")).toBe("fault AND responsetime > 3");
    expect(taken('service("ba|ck") { fault }', "backend")).toBe('service("backend") { fault }');
    expect(taken('service("o|', 'odd "name"')).toBe('service("odd \\"name\\""');
    expect(taken("ser|", "service(…)")).toBe("service(");
    expect(taken('annotation["a|', "a key")).toBe('annotation["a key"');
  });

  it("proposes nothing behind what is wrong", () => {
    expect(labels("bogus AND fau|")).toEqual([]);
    expect(labels("responsetime > |")).toEqual([]);
  });

  it("tells the type of a node", () => {
    expect(complete("service(", 8, data)[0]).toEqual({
      kind: "node",
      label: "api.example.com",
      text: '"api.example.com"',
      from: 8,
      to: 8,
      detail: "AWS::EC2::Instance",
    });
  });
});
