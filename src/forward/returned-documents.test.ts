import { expect, it } from "vitest";
import { passedThrough, ReturnedDocuments } from "./returned-documents.ts";

const bytes = (text: string): Uint8Array => Buffer.from(text);

it("a call that has been here is known by its header, whatever it passed through since", () => {
  const here = new ReturnedDocuments("a1", { remembers: false });
  const via = passedThrough(passedThrough(undefined, "a1"), "b2");
  expect(via).toBe("a1, b2");
  expect(here.hasPassed(via)).toBe(true);
  expect(here.isBack(bytes("{}"), via)).toBe(true);
  expect(here.hasPassed("a11, b2")).toBe(false);
  expect(here.hasPassed(undefined)).toBe(false);
});

it("a document that was sent on is known when another fluoroscope brings it, and not when a program sends it again", () => {
  const here = new ReturnedDocuments("a1", { remembers: true });
  here.sent([bytes("one")]);
  expect(here.isBack(bytes("one"), "b2")).toBe(true);
  expect(here.isBack(bytes("two"), "b2")).toBe(false);
  expect(here.isBack(bytes("one"), undefined)).toBe(false);
});

it("the newest are remembered, and memory is bounded", () => {
  const here = new ReturnedDocuments("a1", { remembers: true });
  const documents = Array.from({ length: 150_000 }, (_, at) => bytes(String(at)));
  here.sent(documents);
  expect(documents.slice(-50_000).every((document) => here.isBack(document, "b2"))).toBe(true);
  expect(documents.slice(0, 50_000).some((document) => here.isBack(document, "b2"))).toBe(false);
});
