import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SignatureV4 } from "@smithy/signature-v4";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AServer, aServer } from "../conformance/a-server.ts";
import { NodeSha256 } from "../fixtures/verify-signature.ts";

const folder = mkdtempSync(join(tmpdir(), "fluoroscope-forgeries-"));
const secret = "a secret of some length";
const keysFile = join(folder, "keys.json");

let server: AServer;
beforeAll(async () => {
  const keys = [
    { id: "AKIDALL", secret },
    { id: "AKIDREAD", secret: "another secret of some length", access: "read" },
  ];
  writeFileSync(keysFile, JSON.stringify({ keys }));
  server = await aServer({ keysFile });
});
afterAll(async () => {
  await server?.close();
  rmSync(folder, { recursive: true });
});

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const body = JSON.stringify({ GroupName: "forged" });
const host = (): string => new URL(server.addresses.http).host;

/** A call that changes something, signed by AWS's own library; `date` is when. */
async function signed(more: { date?: Date; region?: string; id?: string; headers?: object } = {}): Promise<Sent> {
  const credentials = { accessKeyId: more.id ?? "AKIDALL", secretAccessKey: secret };
  const signer = new SignatureV4({
    credentials,
    region: more.region ?? "eu-west-1",
    service: "xray",
    sha256: NodeSha256,
  });
  const headers = { host: host(), "content-type": "application/json", ...more.headers };
  const request = {
    method: "POST",
    protocol: "http:",
    hostname: "127.0.0.1",
    path: "/GetGroup",
    query: {},
    headers,
    body,
  };
  const { headers: given } = await signer.sign(request, { signingDate: more.date ?? new Date() });
  return { method: "POST", path: "/GetGroup", headers: given, body };
}

/** Sends it as it is: fetch would mend some of what is wrong. */
function send({ method, path, headers, body }: Sent, chunks: readonly string[] = [body]): Promise<[number, string]> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: "127.0.0.1", port: host().split(":")[1], method, path, headers }, (answer) => {
      answer.resume();
      answer.once("end", () => resolve([answer.statusCode!, String(answer.headers["x-amzn-errortype"])]));
    });
    asked.on("error", reject);
    for (const chunk of chunks) asked.write(chunk);
    asked.end();
  });
}

/** There is no such group: whoever gets so far was let in. */
const letIn = [400, "InvalidRequestException"];

describe("a signed request", () => {
  it("is let in, in one piece or in chunks", async () => {
    expect(await send(await signed())).toEqual(letIn);
    expect(await send(await signed(), [...body])).toEqual(letIn);
  });

  it("is let in again within its quarter of an hour, as AWS does, and not later or earlier", async () => {
    const request = await signed({ date: new Date(Date.now() - 14 * 60_000) });
    expect(await send(request)).toEqual(letIn);
    expect(await send(request)).toEqual(letIn);
    for (const minutes of [-16, 16]) {
      const other = await signed({ date: new Date(Date.now() + minutes * 60_000) });
      expect(await send(other)).toEqual([403, "InvalidSignatureException"]);
    }
  });

  const now = "20261124T120000Z";
  it.each<[string, (sent: Sent) => Sent]>([
    ["body", (sent) => ({ ...sent, body: sent.body.replace("forged", "forgod") })],
    ["body, made longer", (sent) => ({ ...sent, body: `${sent.body} ` })],
    ["path", (sent) => ({ ...sent, path: "/DeleteGroup" })],
    ["path, by dots that a signature leaves out", (sent) => ({ ...sent, path: "/x/../DeleteGroup" })],
    ["query", (sent) => ({ ...sent, path: `${sent.path}?a=1` })],
    ["method", (sent) => ({ ...sent, method: "PUT" })],
    ["date", (sent) => ({ ...sent, headers: { ...sent.headers, "x-amz-date": now } })],
    ["content type", (sent) => ({ ...sent, headers: { ...sent.headers, "content-type": "text/plain" } })],
    ["digest", (sent) => ({ ...sent, headers: { ...sent.headers, "x-amz-content-sha256": "UNSIGNED-PAYLOAD" } })],
    ["region", inAuthorization("/eu-west-1/", "/us-east-1/")],
    ["key", inAuthorization("AKIDALL", "AKIDREAD")],
    ["key, into none", inAuthorization("AKIDALL", "AKIDNONE")],
    ["key, into a member of all objects", inAuthorization("AKIDALL", "__proto__")],
    ["list of headers", inAuthorization("content-type;", "")],
    ["service", inAuthorization("/xray/", "/s3/")],
    ["signature", inAuthorization(/Signature=./, "Signature=g")],
    ["signature, into none", inAuthorization(/Signature=.*/, "Signature=")],
    ["algorithm", inAuthorization("AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256")],
  ])("is refused with another %s", async (_name, change) => {
    const [status] = await send(change(await signed()));
    expect([400, 403, 404]).toContain(status);
    expect(await send(change(await signed()))).not.toEqual(letIn);
  });

  it("whose body is signed piece by piece, or not at all, is refused", async () => {
    for (const hash of [
      "UNSIGNED-PAYLOAD",
      "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
      "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
    ]) {
      const sent = await signed({ headers: { "x-amz-content-sha256": hash } });
      expect(await send(sent)).toEqual([403, "InvalidSignatureException"]);
    }
  });
});

describe("a presigned request", () => {
  async function presigned(date: Date, expiresIn: number): Promise<Sent> {
    const credentials = { accessKeyId: "AKIDALL", secretAccessKey: secret };
    const signer = new SignatureV4({ credentials, region: "eu-west-1", service: "xray", sha256: NodeSha256 });
    const headers = { host: host() };
    const request = {
      method: "POST",
      protocol: "http:",
      hostname: "127.0.0.1",
      path: "/GetGroup",
      query: {},
      headers,
      body,
    };
    const { query } = await signer.presign(request, { signingDate: date, expiresIn });
    const search = new URLSearchParams(query as Record<string, string>).toString().replaceAll("+", "%20");
    return { method: "POST", path: `/GetGroup?${search}`, headers, body };
  }

  it("holds until it expires, for what was signed alone", async () => {
    const minuteAgo = new Date(Date.now() - 60_000);
    const sent = await presigned(minuteAgo, 300);
    expect(await send(sent)).toEqual(letIn);
    expect(await send(await presigned(minuteAgo, 30))).toEqual([403, "InvalidSignatureException"]);
    const longer = { ...sent, path: sent.path.replace("Expires=300", "Expires=604800") };
    expect(await send(longer)).toEqual([403, "InvalidSignatureException"]);
    expect(await send({ ...sent, body: "{}" })).toEqual([403, "InvalidSignatureException"]);
    const endless = { ...sent, path: sent.path.replace("Expires=300", "Expires=99999999") };
    expect((await send(endless))[0]).toBe(400);
  });
});

function inAuthorization(from: string | RegExp, to: string): (sent: Sent) => Sent {
  return (sent) => {
    const authorization = sent.headers.authorization!.replace(from, to);
    expect(authorization).not.toBe(sent.headers.authorization);
    return { ...sent, headers: { ...sent.headers, authorization } };
  };
}
