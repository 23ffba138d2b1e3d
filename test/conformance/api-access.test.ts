import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CreateGroupCommand,
  GetGroupsCommand,
  GetSamplingRulesCommand,
  PutTraceSegmentsCommand,
  XRayClient,
} from "@aws-sdk/client-xray";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readConfig } from "../../src/config.ts";
import { up } from "../../src/up.ts";
import { aDocument } from "../fixtures/builders.ts";
import { exportByGrpc, grpcClient } from "../fixtures/otlp-grpc.ts";
import { type AServer, aServer } from "./a-server.ts";

const folder = mkdtempSync(join(tmpdir(), "fluoroscope-access-"));
const keysFile = join(folder, "keys.json");
const dataDir = join(folder, "data");
const secret = "a secret of some length";
const keys = [
  { id: "AKIDREAD", secret, access: "read" },
  { id: "AKIDWRITE", secret, access: "write", name: "the shop" },
  { id: "AKIDALL", secret },
];

let server: AServer;
beforeAll(async () => {
  writeFileSync(keysFile, JSON.stringify({ keys }));
  server = await aServer({ keysFile, ephemeral: "false", dataDir });
});
afterAll(async () => {
  await server?.close();
  rmSync(folder, { recursive: true });
});

function client(accessKeyId: string, secretAccessKey: string = secret, more: object = {}): XRayClient {
  const credentials = { accessKeyId, secretAccessKey };
  return new XRayClient({ endpoint: server.addresses.http, region: "eu-west-1", credentials, maxAttempts: 1, ...more });
}

const put = new PutTraceSegmentsCommand({ TraceSegmentDocuments: [aDocument()] });

describe("a server with access keys", () => {
  it("lets each key do what it is for", async () => {
    const [reader, writer, owner] = [client("AKIDREAD"), client("AKIDWRITE"), client("AKIDALL")];
    await reader.send(new GetGroupsCommand({}));
    await writer.send(put);
    await owner.send(put);
    await owner.send(new CreateGroupCommand({ GroupName: "mine" }));
    for (const each of [reader, writer, owner]) await each.send(new GetSamplingRulesCommand({}));
    const denied = expect.objectContaining({ name: "AccessDeniedException" });
    await expect(reader.send(put)).rejects.toEqual(denied);
    await expect(reader.send(new CreateGroupCommand({ GroupName: "x" }))).rejects.toEqual(denied);
    await expect(writer.send(new GetGroupsCommand({}))).rejects.toEqual(denied);
    await expect(writer.send(new CreateGroupCommand({ GroupName: "x" }))).rejects.toEqual(denied);
  });

  it("asks OpenTelemetry's exporters for one too, in HTTP Basic", async () => {
    const { otlpHttp, otlpGrpc } = server.addresses;
    const send = async (id?: string, password = secret): Promise<number> => {
      const authorization = `Basic ${Buffer.from(`${id}:${password}`).toString("base64")}`;
      const headers = { "content-type": "application/json", ...(id !== undefined && { authorization }) };
      return (await fetch(`${otlpHttp}/v1/traces`, { method: "POST", headers, body: "{}" })).status;
    };
    expect([await send("AKIDWRITE"), await send("AKIDALL")]).toEqual([200, 200]);
    expect([await send("AKIDREAD"), await send("AKIDALL", "wrong"), await send()]).toEqual([403, 401, 401]);
    const grpc = grpcClient(otlpGrpc);
    expect(await exportByGrpc(grpc, Buffer.alloc(0))).toMatchObject({ code: 16 });
    grpc.close();
  });

  it("refuses unknown keys, wrong secrets and unsigned requests in the words of AWS", async () => {
    await expect(client("AKIDNONE").send(put)).rejects.toMatchObject({ name: "UnrecognizedClientException" });
    await expect(client("AKIDALL", "another secret, just as long").send(put)).rejects.toMatchObject({
      name: "InvalidSignatureException",
    });
    const unsigned = await server.post("/TraceSegments", { TraceSegmentDocuments: [] });
    expect(unsigned.status).toBe(403);
    expect(unsigned.headers.get("x-amzn-errortype")).toBe("MissingAuthenticationTokenException");
    const nothing = await server.post("/EncryptionConfig");
    expect(nothing.status).toBe(403);
  });

  it("helps a client whose clock is wrong to set it", async () => {
    const late = client("AKIDALL", secret, { systemClockOffset: -3_600_000, maxAttempts: 2 });
    expect(await late.send(new GetGroupsCommand({}))).toMatchObject({ Groups: expect.anything() });
  });

  it("asks browsers for a key, takes it in HTTP Basic, and says nothing without one", async () => {
    const url = `${server.addresses.http}/api/status`;
    const asked = await fetch(url);
    expect([asked.status, asked.headers.get("www-authenticate")]).toEqual([401, 'Basic realm="fluoroscope"']);
    expect((await fetch(`${server.addresses.http}/`)).status).toBe(401);
    expect((await fetch(`${server.addresses.http}/metrics`)).status).toBe(401);
    expect((await fetch(`${server.addresses.http}/healthz`)).status).toBe(200);
    const basic = (id: string, word: string) =>
      fetch(url, { headers: { authorization: `Basic ${btoa(`${id}:${word}`)}` } });
    expect((await basic("AKIDREAD", secret)).status).toBe(200);
    expect((await basic("AKIDWRITE", secret)).status).toBe(403);
    for (const [id, word] of [
      ["AKIDREAD", "wrong"],
      ["AKIDNONE", ""],
      ["AKIDNONE", secret],
    ] as const) {
      expect((await basic(id, word)).status).toBe(401);
    }
  });

  it("keeps a record of who changed what", async () => {
    await client("AKIDALL").send(new CreateGroupCommand({ GroupName: "recorded", FilterExpression: "fault" }));
    await expect(client("AKIDALL").send(new CreateGroupCommand({ GroupName: "recorded" }))).rejects.toThrow();
    const lines = readFileSync(join(dataDir, "audit.ndjson"), "utf8").trim().split("\n");
    const entries = lines.map((line) => JSON.parse(line)).filter(({ request }) => request.GroupName === "recorded");
    expect(entries).toMatchObject([
      { operation: "CreateGroup", key: "AKIDALL", address: "127.0.0.1", outcome: "ok" },
      { operation: "CreateGroup", key: "AKIDALL", outcome: "InvalidRequestException" },
    ]);
    expect(entries[0].request).toEqual({ GroupName: "recorded", FilterExpression: "fault" });
    expect(lines.join()).not.toContain(secret);
  });
});

it("with keys a server may listen beyond this machine, without them it does not", async () => {
  const flags = { port: "0", ephemeral: "true", host: "0.0.0.0" };
  const environment = { HOME: folder };
  await expect(up(readConfig({ flags, environment }).config, { environment })).rejects.toThrow("--keys-file");
  const list = { FLUOROSCOPE_KEYS: `AKIDLIST:${secret.replaceAll(" ", "-")}:read` };
  const running = await up(readConfig({ flags, environment }).config, { environment: { ...environment, ...list } });
  const status = await fetch(`${running.addresses.http.replace("0.0.0.0", "127.0.0.1")}/api/status`);
  expect(status.status).toBe(401);
  await running.close();
});

it.each<[unknown, string]>([
  ["{", "is not JSON"],
  [{}, 'no list "keys"'],
  [{ keys: [{ id: "a" }] }, "3 to 128"],
  [{ keys: [{ id: "AKID", secret: "short" }] }, "less than 16"],
  [{ keys: [{ id: "AKID", secret, access: "some" }] }, "none of read, write and all"],
  [{ keys: [keys[0], keys[0]] }, "given twice"],
])("a file of keys that does not fit is said, without its secrets (%#)", async (content, reason) => {
  const file = join(folder, "broken.json");
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  const failure = await aServer({ keysFile: file }).catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: "FLUORO_BAD_CONFIG", message: expect.stringContaining(reason) });
  expect(String(failure)).not.toContain(secret);
});
