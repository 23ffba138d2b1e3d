import { SignatureV4 } from "@smithy/signature-v4";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NodeSha256 } from "../../test/fixtures/verify-signature.ts";
import { canonicalRequest } from "./canonical-request.ts";
import { sha256, signature, signRequest, timestamp } from "./sign-request.ts";
import { SigningKeys } from "./signing-keys.ts";

const secretAccessKey = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const credentials = { accessKeyId: "AKIDEXAMPLE", secretAccessKey };
const time = "20150830T123600Z";
const keys = new SigningKeys();

interface Vector {
  readonly name: string;
  readonly method?: string;
  readonly target?: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string;
  readonly signature: string;
}

const unreserved = "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const sessionToken =
  "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA==";

/** The requests of AWS's test suite for signature version 4, with the signatures that it publishes. */
const vectors: readonly Vector[] = [
  {
    name: "get-header-key-duplicate",
    headers: { "my-header1": ["value2", "value2", "value1"] },
    signature: "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea",
  },
  {
    name: "get-header-value-order",
    headers: { "my-header1": ["value4", "value1", "value3", "value2"] },
    signature: "08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01",
  },
  {
    name: "get-header-value-trim",
    headers: { "my-header1": " value1", "my-header2": ' "a   b   c"' },
    signature: "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736",
  },
  {
    name: "get-unreserved",
    target: `/${unreserved}`,
    signature: "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f",
  },
  {
    name: "get-utf8",
    target: "/ሴ",
    signature: "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85",
  },
  {
    name: "get-vanilla",
    signature: "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
  },
  {
    name: "get-relative-relative",
    target: "/example1/example2/../..",
    signature: "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
  },
  {
    name: "get-slashes-dot",
    target: "//./",
    signature: "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
  },
  {
    name: "get-vanilla-empty-query-key",
    target: "/?Param1=value1",
    signature: "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb",
  },
  {
    name: "get-vanilla-query-order-key-case",
    target: "/?Param2=value2&Param1=value1",
    signature: "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
  },
  {
    name: "get-vanilla-query-unreserved",
    target: `/?${unreserved}=${unreserved}`,
    signature: "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197",
  },
  {
    name: "get-vanilla-utf8-query",
    target: "/?ሴ=bar",
    signature: "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04",
  },
  {
    name: "post-header-key-sort",
    method: "POST",
    headers: { "my-header1": "value1" },
    signature: "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c",
  },
  {
    name: "post-header-value-case",
    method: "POST",
    headers: { "my-header1": "VALUE1" },
    signature: "cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d",
  },
  {
    name: "post-sts-header-before",
    method: "POST",
    headers: { "x-amz-security-token": sessionToken },
    signature: "85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead",
  },
  {
    name: "post-vanilla",
    method: "POST",
    signature: "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
  },
  {
    name: "post-vanilla-query",
    method: "POST",
    target: "/?Param1=value1",
    signature: "28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11",
  },
  {
    name: "post-vanilla-query-nonunreserved, percent-encoded as HTTP wants it",
    method: "POST",
    target: "/?%40%23%24%25%5E&+=%2F%2C%3F%3E%3C%60%22%3B%3A%5C%7C%5D%5B%7B%7D",
    signature: "66c82657c86e26fb25238d0e69f011edc4c6df5ae71119d7cb98ed9b87393c1e",
  },
  {
    name: "post-vanilla-query-space",
    method: "POST",
    target: "/?p",
    signature: "e71688addb58a26418614085fb730ba3faa623b461c17f48f2fbdb9361b94a9b",
  },
  {
    name: "post-x-www-form-urlencoded",
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: "Param1=value1",
    signature: "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a",
  },
  {
    name: "post-x-www-form-urlencoded-parameters",
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded; charset=utf8" },
    body: "Param1=value1",
    signature: "1a72ec8f64bd914b0e42e42607c7fbce7fb2c7465f63e3092b3b0d39fa77a6fe",
  },
];

describe("AWS's test suite", () => {
  it.each(vectors)("$name", ({ method = "GET", target = "/", headers = {}, body = "", ...expected }) => {
    const all: Record<string, string | readonly string[]> = {
      host: "example.amazonaws.com",
      "x-amz-date": time,
      ...headers,
    };
    const scope = { date: "20150830", region: "us-east-1", service: "service" };
    const key = keys.key(secretAccessKey, scope);
    const request = { method, target, headers: all, payloadHash: sha256(body) };
    expect(signature(request, { signedHeaders: Object.keys(all).sort(), time, scope, key })).toBe(expected.signature);
  });

  it("the documentation's example, IAM's ListUsers", () => {
    const headers = {
      "content-type": "application/x-www-form-urlencoded; charset=utf-8",
      host: "iam.amazonaws.com",
      "x-amz-date": time,
    };
    const signedHeaders = Object.keys(headers);
    const target = "/?Action=ListUsers&Version=2010-05-08";
    const request = { method: "GET", target, headers, payloadHash: sha256("") };
    expect(sha256(canonicalRequest(request, signedHeaders))).toBe(
      "f536975d06c0309214f805bb90ccff089219ecd68b2577efef23edd43b7e1a59",
    );
    const scope = { date: "20150830", region: "us-east-1", service: "iam" };
    const key = keys.key(secretAccessKey, scope);
    expect(key.toString("hex")).toBe("c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9");
    expect(signature(request, { signedHeaders, time, scope, key })).toBe(
      "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7",
    );
  });

  it("a presigned URL leaves its own signature out, so that it can be checked", () => {
    const target =
      "/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404";
    const scope = { date: "20130524", region: "us-east-1", service: "s3" };
    const key = keys.key("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", scope);
    const headers = { host: "examplebucket.s3.amazonaws.com" };
    const request = { method: "GET", target, headers, payloadHash: "UNSIGNED-PAYLOAD" };
    expect(signature(request, { signedHeaders: ["host"], time: "20130524T000000Z", scope, key })).toBe(
      "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404",
    );
  });
});

describe("a signed request", () => {
  const options = { credentials, region: "eu-central-1", service: "xray", now: Date.UTC(2026, 10, 24, 12), keys };
  const url = new URL("https://xray.eu-central-1.amazonaws.com/TraceSegments");

  it("gets four headers, and covers the host and what it was given", () => {
    const headers = signRequest(
      { method: "POST", url, headers: { "x-amzn-xray-timestamp": "1" }, body: Buffer.from("{}") },
      options,
    );
    expect(headers).toEqual({
      "x-amz-content-sha256": sha256("{}"),
      "x-amz-date": "20261124T120000Z",
      authorization: expect.stringMatching(
        /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/20261124\/eu-central-1\/xray\/aws4_request, SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amzn-xray-timestamp, Signature=[0-9a-f]{64}$/,
      ),
    });
  });

  it("of temporary credentials carries their token, signed", () => {
    const temporary = { ...options, credentials: { ...credentials, sessionToken: "token" } };
    const headers = signRequest({ method: "POST", url, body: Buffer.from("{}") }, temporary);
    expect(headers["x-amz-security-token"]).toBe("token");
    expect(headers.authorization).toContain("x-amz-security-token");
  });

  it("is signed as AWS's own library signs it, whatever is in it", async () => {
    const name = fc.stringMatching(/^x-[a-z0-9-]{1,12}$/).filter((text) => !text.startsWith("x-am"));
    const value = fc.stringMatching(/^[!-~]([ -~]{0,20}[!-~])?$/);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom("GET", "POST", "PUT"),
        fc.array(fc.string({ unit: "binary", maxLength: 8 }), { maxLength: 4 }),
        fc.dictionary(fc.string({ unit: "binary", maxLength: 6 }), fc.string({ unit: "grapheme", maxLength: 6 }), {
          maxKeys: 4,
        }),
        fc.dictionary(name, value, { maxKeys: 4 }),
        fc.uint8Array({ maxLength: 64 }),
        fc.option(fc.base64String({ minLength: 4 }), { nil: undefined }),
        fc.date({ min: new Date("2015-01-01"), max: new Date("2099-01-01"), noInvalidDate: true }),
        async (method, parts, query, headers, body, sessionToken, date) => {
          const path = `/${parts.map(encodeURIComponent).join("/")}`;
          const search = Object.entries(query)
            .filter(([key]) => key.toLowerCase() !== "x-amz-signature")
            .map((pair) => pair.map(encodeURIComponent).join("="))
            .join("&");
          // Not through the URL's parser, which would take dots out of the path before anybody signs it.
          const url = { host: "xray.test:8443", pathname: path, search: search && `?${search}` } as URL;
          const who = { ...credentials, ...(sessionToken !== undefined && { sessionToken }) };
          const ours = signRequest(
            { method, url, headers, body },
            { ...options, credentials: who, now: date.getTime() },
          );
          const oracle = new SignatureV4({
            credentials: who,
            region: options.region,
            service: options.service,
            sha256: NodeSha256,
          });
          const theirs = await oracle.sign(
            {
              method,
              protocol: "https:",
              hostname: "xray.test",
              path,
              query,
              headers: { host: "xray.test:8443", ...headers },
              body,
            },
            { signingDate: new Date(Math.floor(date.getTime() / 1000) * 1000) },
          );
          expect(ours.authorization).toBe(theirs.headers.authorization);
        },
      ),
    );
  });

  it("names the second, not the millisecond", () => {
    expect(timestamp(Date.UTC(2026, 0, 2, 3, 4, 5, 678))).toBe("20260102T030405Z");
  });
});

it("keys are derived once for a day, and never more than a hundred are kept", () => {
  const many = new SigningKeys();
  const scope = { date: "20261124", region: "eu-central-1", service: "xray" };
  const first = many.key("secret", scope);
  expect(many.key("secret", scope)).toBe(first);
  expect(many.key("secret", { ...scope, date: "20261125" })).not.toEqual(first);
  for (let n = 0; n < 100; n += 1) many.key(`secret ${n}`, scope);
  expect(many.key("secret", scope)).not.toBe(first);
  expect(many.key("secret", scope)).toEqual(first);
});
