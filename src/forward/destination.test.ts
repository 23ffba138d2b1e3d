import { expect, it } from "vitest";
import { parseDestination } from "./destination.ts";

it.each([
  ["aws", { kind: "aws" }],
  ["http://10.0.0.1:2000", { kind: "xray", url: new URL("http://10.0.0.1:2000") }],
  ["https://xray.test/prefix", { kind: "xray", url: new URL("https://xray.test/prefix") }],
  ["otlp:http://collector:4318", { kind: "otlp", url: new URL("http://collector:4318") }],
  ["otlp:https://collector", { kind: "otlp", url: new URL("https://collector") }],
])("%s is a destination", (text, destination) => {
  expect(parseDestination(text)).toEqual(destination);
});

it.each([
  "",
  "AWS",
  "localhost:2000",
  "ftp://host",
  "otlp:",
  "otlp:collector:4318",
  "otlp:aws",
  "http://",
  "http://ann:secret@",
])("%j is none", (text) => {
  expect(() => parseDestination(text)).toThrow(
    expect.objectContaining({ code: "FLUORO_BAD_CONFIG", message: expect.not.stringContaining("secret") }),
  );
});
