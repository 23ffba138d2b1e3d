import { expect, it } from "vitest";
import { readConfig } from "../config.ts";
import { checkUpstream } from "./check-upstream.ts";

const check = (flags: Record<string, string>) => (): void =>
  checkUpstream(readConfig({ flags, environment: { HOME: "/nonexistent" } }).config);

it.each([
  [{}],
  [{ upstream: "aws" }],
  [{ upstream: "aws", noStore: "true", upstreamRole: "arn:aws:iam::123456789012:role/traces" }],
  [{ upstream: "http://127.0.0.1:2001", noStore: "true" }],
  [{ upstream: "http://10.0.0.1:2000" }],
  [{ upstream: "otlp:http://127.0.0.1:4318" }],
  [{ upstream: "http://127.0.0.1:2000", port: "0" }],
])("%j is taken", (flags) => {
  expect(check(flags)).not.toThrow();
});

it.each([
  [{ noStore: "true" }, "--no-store says nothing without --upstream"],
  [{ upstreamEndpoint: "https://vpce.example" }, "--upstream-endpoint says nothing without --upstream"],
  [{ upstreamRole: "arn:aws:iam::123456789012:role/traces" }, "--upstream-role says nothing without --upstream"],
  [{ upstream: "otlp:http://127.0.0.1:4318", noStore: "true" }, "no X-Ray API that could be asked"],
  [{ upstream: "somewhere" }, 'The destination "somewhere" is not known'],
  [{ upstream: "http://127.0.0.1:2000" }, "is this fluoroscope itself"],
  [{ upstream: "http://localhost:2100/", port: "2100" }, "is this fluoroscope itself"],
  [{ upstream: "http://[::1]:2000" }, "is this fluoroscope itself"],
  [{ upstream: "otlp:http://127.0.0.1:2000" }, "is this fluoroscope itself"],
  [{ upstream: "aws", upstreamEndpoint: "http://127.0.0.1:2000" }, "is this fluoroscope itself"],
  [{ upstream: "http://10.0.0.9:2000", host: "10.0.0.9" }, "is this fluoroscope itself"],
])("%j is refused with a remedy", (flags, sentence) => {
  expect(check(flags)).toThrow(expect.objectContaining({ code: "FLUORO_BAD_CONFIG" }));
  expect(check(flags)).toThrow(sentence);
});
