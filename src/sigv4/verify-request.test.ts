import { SignatureV4 } from "@smithy/signature-v4";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NodeSha256 } from "../../test/fixtures/verify-signature.ts";
import { SigningKeys } from "./signing-keys.ts";
import { type ReceivedRequest, type Verdict, verifyRequest } from "./verify-request.ts";

const credentials = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" };
const keys = new SigningKeys();
const now = Date.parse("2026-11-24T12:00:00Z");
const body = Buffer.from('{"TraceSegmentDocuments":[]}');

type Key = { readonly secretAccessKey: string; readonly sessionToken?: string };
function verdict(request: ReceivedRequest, more: { now?: number; key?: Key } = {}): Verdict<Key> {
  const key: Key = more.key ?? { secretAccessKey: credentials.secretAccessKey };
  const findKey = (id: string): Key | undefined => (id === credentials.accessKeyId ? key : undefined);
  return verifyRequest(request, { findKey, service: "xray", now: more.now ?? now, keys });
}

const signer = (more: object = {}): SignatureV4 =>
  new SignatureV4({ credentials, region: "eu-west-1", service: "xray", sha256: NodeSha256, ...more });
const aRequest = (more: object = {}) => ({
  method: "POST",
  protocol: "http:",
  hostname: "127.0.0.1",
  path: "/TraceSegments",
  query: {},
  headers: { host: "127.0.0.1:2000", "content-type": "application/json" },
  body,
  ...more,
});

/** Signed in its headers by AWS's own library. */
async function signed(more: object = {}, options: object = {}): Promise<ReceivedRequest> {
  const request = aRequest(more);
  const { headers } = await signer(options).sign(request, { signingDate: new Date(now) });
  return { method: request.method, target: request.path, headers, body: request.body };
}

/** Signed in its query by AWS's own library. */
async function presigned(expiresIn = 60): Promise<ReceivedRequest> {
  const request = aRequest({ headers: { host: "127.0.0.1:2000" } });
  const { query } = await signer().presign(request, { signingDate: new Date(now), expiresIn });
  const search = new URLSearchParams(query as Record<string, string>).toString().replaceAll("+", "%20");
  return { method: "POST", target: `/TraceSegments?${search}`, headers: request.headers, body };
}

describe("a request that AWS's library signed", () => {
  it("is accepted, in any region", async () => {
    for (const region of ["eu-west-1", "us-gov-east-1"]) {
      const accepted = verdict(await signed({}, { region }));
      expect(accepted).toMatchObject({ kind: "signed", accessKeyId: credentials.accessKeyId });
    }
  });

  it("is accepted whatever its path, query, headers and body are", async () => {
    const texts = fc.string({ unit: fc.constantFrom(..."abz09-_.~ +/=&%é漢"), maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(texts, { maxLength: 3 }),
        fc.dictionary(fc.string({ unit: fc.constantFrom(..."abcXYZ-_"), minLength: 1 }), texts, { maxKeys: 3 }),
        fc.uint8Array({ maxLength: 60 }),
        async (parts, query, bytes) => {
          const path = `/${parts.map(encodeURIComponent).join("/")}`;
          const request = aRequest({ path, query, body: Buffer.from(bytes) });
          const { headers } = await signer().sign(request, { signingDate: new Date(now) });
          const search = Object.entries(query).map((pair) => pair.map(encodeURIComponent).join("="));
          const target = search.length === 0 ? path : `${path}?${search.join("&")}`;
          expect(verdict({ method: "POST", target, headers, body: bytes }).kind).toBe("signed");
        },
      ),
      { numRuns: 200 },
    );
  });

  it("is accepted when it was presigned, until it expires", async () => {
    expect(verdict(await presigned()).kind).toBe("signed");
    expect(verdict(await presigned(), { now: now + 61_000 })).toMatchObject({
      kind: "refused",
      message: expect.stringContaining("Signature expired"),
    });
  });

  it("needs the session token of a key that has one", async () => {
    const key = { ...credentials, sessionToken: "token" };
    const request = await signed({}, { credentials: { ...credentials, sessionToken: "token" } });
    expect(verdict(request, { key }).kind).toBe("signed");
    expect(verdict(await signed(), { key })).toMatchObject({ code: "UnrecognizedClientException" });
    const other = await signed({}, { credentials: { ...credentials, sessionToken: "other" } });
    expect(verdict(other, { key })).toMatchObject({ code: "UnrecognizedClientException" });
  });
});

describe("a request is refused", () => {
  const invalid = { kind: "refused", status: 403, code: "InvalidSignatureException" };

  it.each<[string, (request: ReceivedRequest) => ReceivedRequest]>([
    ["its body", (request) => ({ ...request, body: Buffer.from("{}") })],
    ["its path", (request) => ({ ...request, target: request.target.replace("/TraceSegments", "/Traces") })],
    ["its query", (request) => ({ ...request, target: `${request.target}?a=1` })],
    ["its method", (request) => ({ ...request, method: "PUT" })],
    ["its host", (request) => ({ ...request, headers: { ...request.headers, host: "other" } })],
    ["a signed header", (request) => ({ ...request, headers: { ...request.headers, "content-type": "text/plain" } })],
  ])("when %s was changed on the way", async (_, change) => {
    expect(verdict(change(await signed()))).toMatchObject(invalid);
    if (!_.includes("signed header")) expect(verdict(change(await presigned()))).toMatchObject(invalid);
  });

  it("when a single character of the signature is different", async () => {
    const request = await signed();
    const authorization = String(request.headers.authorization).replace(/.$/, (end) => (end === "0" ? "1" : "0"));
    expect(verdict({ ...request, headers: { ...request.headers, authorization } })).toMatchObject(invalid);
  });

  it("when another secret signed it, or nobody knows the key", async () => {
    const other = { ...credentials, secretAccessKey: "other" };
    expect(verdict(await signed({}, { credentials: other }))).toMatchObject(invalid);
    expect(verdict(await signed({}, { credentials: { ...credentials, accessKeyId: "AKIDOTHER" } }))).toMatchObject({
      status: 403,
      code: "UnrecognizedClientException",
    });
  });

  it("when its clock is more than a quarter of an hour off, in the words by which clients mend theirs", async () => {
    const request = await signed();
    expect(verdict(request, { now: now + 899_000 }).kind).toBe("signed");
    expect(verdict(request, { now: now - 899_000 }).kind).toBe("signed");
    expect(verdict(request, { now: now + 901_000 })).toMatchObject({
      ...invalid,
      message: expect.stringContaining("Signature expired"),
    });
    expect(verdict(request, { now: now - 901_000 })).toMatchObject({
      ...invalid,
      message: expect.stringContaining("Signature not yet current"),
    });
  });

  it("when its payload is said to be unsigned, or signed piece by piece", async () => {
    for (const hash of ["UNSIGNED-PAYLOAD", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"]) {
      const request = await signed({
        headers: { host: "127.0.0.1:2000", "x-amz-content-sha256": hash },
      });
      expect(verdict(request)).toMatchObject({ ...invalid, message: expect.stringContaining("body") });
    }
  });

  it.each<[string, Record<string, string | undefined>]>([
    ["AWS4-HMAC-SHA256", { authorization: "Basic abc" }],
    ["missing", { authorization: "AWS4-HMAC-SHA256 Credential=a" }],
    ["key/date", { authorization: "AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host, Signature=c" }],
    ["x-amz-date", { "x-amz-date": undefined }],
    ["form", { "x-amz-date": "yesterday" }],
    ["another day", { "x-amz-date": "20261125T120000Z" }],
    ["x-amz-extra is not signed", { "x-amz-extra": "1" }],
  ])("when its claim cannot be read (%s)", async (reason, headers) => {
    const request = await signed();
    expect(verdict({ ...request, headers: { ...request.headers, ...headers } })).toMatchObject({
      status: 400,
      code: "IncompleteSignatureException",
      message: expect.stringContaining(reason),
    });
  });

  it("when it is signed for another service", async () => {
    expect(verdict(await signed({}, { service: "s3" }))).toMatchObject({ message: expect.stringContaining("s3") });
  });

  it("and never by an exception, whatever the headers are", () => {
    const text = fc.oneof(fc.string(), fc.constantFrom("AWS4-HMAC-SHA256 Credential=a/20261124/r/xray/aws4_request"));
    const headers = fc.record({ authorization: text, "x-amz-date": text, host: text }, { requiredKeys: [] });
    fc.assert(
      fc.property(headers, fc.webPath(), fc.webQueryParameters(), (given, path, query) => {
        const target = `${path}?${query}`;
        const { kind } = verdict({ method: "POST", target, headers: given, body });
        expect(kind).toBe(
          given.authorization === undefined && !query.includes("X-Amz-Signature") ? "unsigned" : "refused",
        );
      }),
    );
  });
});

it("a request that says nothing of a signature is unsigned", () => {
  expect(verdict({ method: "GET", target: "/", headers: { host: "a" }, body: Buffer.alloc(0) })).toEqual({
    kind: "unsigned",
  });
});
