import { expect, it } from "vitest";
import { encodePart } from "./encode-part.ts";

it("half a character is replaced, whole ones stay", () => {
  expect(encodePart("a/\ud800b")).toBe("a%2F%EF%BF%BDb");
  expect(decodeURIComponent(encodePart("größe 🦑"))).toBe("größe 🦑");
});
