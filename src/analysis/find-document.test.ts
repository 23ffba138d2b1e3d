import { expect, it } from "vitest";
import { findDocument } from "./find-document.ts";

const id = "00000000000000a1";

it("what was sent of a subsegment is found, without what is below it", () => {
  const below = { id: "00000000000000a2", name: "c" };
  const document = JSON.stringify({ id: "00000000000000a0", subsegments: [{ id, name: "b", subsegments: [below] }] });
  expect(findDocument(["{}", document], id)).toEqual({ id, name: "b" });
});

it("numbers that are none do not hide a document", () => {
  expect(findDocument([`{"id":"${id}","annotations":{"share":NaN}}`], id)).toEqual({
    id,
    annotations: { share: null },
  });
});

it("what is nested too deep to be written again is left out", () => {
  const deep = "[".repeat(100_000) + "]".repeat(100_000);
  expect(findDocument([`{"id":"${id}","name":"a","metadata":${deep}}`], id)).toEqual({ id, name: "a" });
});

it("half a million things that are no subsegments are stepped over", () => {
  const document = `{"id":"00000000000000a0","subsegments":[${"0,".repeat(500_000)}{"id":"${id}"}]}`;
  expect(findDocument([document], id)).toEqual({ id });
});
