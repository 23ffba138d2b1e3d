import { expect, it } from "vitest";
import { exceptionAttributes } from "./exception-attributes.ts";

it("an error has its class, its message and its stack", () => {
  class OutOfStock extends Error {}
  const attributes = exceptionAttributes(new OutOfStock("no tea"));
  expect(attributes).toMatchObject({ "exception.type": "OutOfStock", "exception.message": "no tea" });
  expect(attributes["exception.stacktrace"]).toContain("exception-attributes.test.ts:");
});

it("causes follow, the first cause last", () => {
  const error = new Error("outer", { cause: new TypeError("middle", { cause: new RangeError("inner") }) });
  const stack = String(exceptionAttributes(error)["exception.stacktrace"]);
  const heads = stack.split("\n").filter((line) => !line.startsWith("    at "));
  expect(heads).toEqual(["Error: outer", "Caused by: TypeError: middle", "Caused by: RangeError: inner"]);
});

it("a ring of causes ends, and so does a long chain", () => {
  const first = new Error("first");
  first.cause = new Error("second", { cause: first });
  expect(String(exceptionAttributes(first)["exception.stacktrace"]).match(/Caused by/g)).toHaveLength(1);
  const long = Array.from({ length: 20 }).reduce<Error>((cause) => new Error("next", { cause }), new Error("last"));
  expect(String(exceptionAttributes(long)["exception.stacktrace"]).match(/Caused by/g)).toHaveLength(4);
});

it("an AggregateError without a message has those of its parts", () => {
  const error = new AggregateError([new Error("ECONNREFUSED ::1"), new Error("ECONNREFUSED 127.0.0.1")]);
  expect(exceptionAttributes(error)["exception.message"]).toBe("ECONNREFUSED ::1; ECONNREFUSED 127.0.0.1");
});

it("whatever is thrown can be told", () => {
  expect(exceptionAttributes("plain")).toEqual({ "exception.type": "string", "exception.message": "plain" });
  expect(exceptionAttributes({ code: "E_ODD" })).toEqual({ "exception.type": "E_ODD", "exception.message": "E_ODD" });
  expect(exceptionAttributes({ name: "Odd", message: "m" })).toMatchObject({ "exception.type": "Odd" });
});
