import { expect, it } from "vitest";
import { permit } from "./privacy.ts";

const strict = { captureQuery: false, captureSql: false };
const open = { captureQuery: true, captureSql: true };

it.each([
  ["url.full", "https://me:secret@shop.example/a?token=1#x", "https://shop.example/a"],
  ["http.url", "https://shop.example/a?b=c", "https://shop.example/a"],
  ["http.target", "/a?b=c", "/a"],
  ["url.query", "b=c", undefined],
  ["db.query.text", "SELECT 1", undefined],
  ["db.statement", "SELECT 1", undefined],
  ["db.connection_string", "postgres://me:secret@db/shop", "postgres://db/shop"],
  ["db.connection_string", "Server=db;Password = secret;Database=shop", "Server=db;Password = REDACTED;Database=shop"],
  ["http.request.header.authorization", ["Bearer x"], undefined],
  ["http.response.header.set-cookie", ["a=b"], undefined],
  ["http.request.header.accept", ["*/*"], ["*/*"]],
  ["anything.else", "https://me:secret@x?y", "https://me:secret@x?y"],
])("%s: %s is sent as %s", (key, value, expected) => {
  expect(permit(key, value, strict)).toEqual(expected);
});

it("what is asked for is sent, credentials never", () => {
  expect(permit("url.full", "https://me:secret@shop.example/a?b=c", open)).toBe("https://shop.example/a?b=c");
  expect(permit("url.query", "b=c", open)).toBe("b=c");
  expect(permit("db.query.text", "SELECT 1", open)).toBe("SELECT 1");
});
