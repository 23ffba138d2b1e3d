import { mkdtemp, rm, writeFile } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { serveHttp, serveProxy, type TestServer } from "../../test/fixtures/http-servers.ts";
import { signatureFault } from "../../test/fixtures/verify-signature.ts";
import { silentLog } from "../log.ts";
import { type CredentialOptions, type CredentialSource, openCredentials } from "./credentials.ts";
import { createHttpClient, type HttpClientOptions } from "./http-client.ts";
import { createSignedSender } from "./send-signed.ts";
import type { ForwardError } from "./way-out.ts";

const opened: { close(): Promise<void> }[] = [];
const own = { AWS_ACCESS_KEY_ID: "AKIDOWN", AWS_SECRET_ACCESS_KEY: "own secret" };
let before: NodeJS.ProcessEnv;
let home: string;

/** AWS's chain reads the real environment, so that is swept, and no file of the machine's owner is read. */
beforeEach(async () => {
  before = { ...process.env };
  for (const name of Object.keys(process.env)) if (name.startsWith("AWS_")) delete process.env[name];
  home = await mkdtemp(join(tmpdir(), "fluoroscope-credentials-"));
  Object.assign(process.env, {
    AWS_SHARED_CREDENTIALS_FILE: join(home, "credentials"),
    AWS_CONFIG_FILE: join(home, "config"),
    AWS_EC2_METADATA_DISABLED: "true",
  });
});

afterEach(async () => {
  for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
  Object.assign(process.env, before);
  for (const each of opened.splice(0).reverse()) await each.close();
  await rm(home, { recursive: true });
});

function source(options: Partial<CredentialOptions> = {}, client: HttpClientOptions = {}): CredentialSource {
  const http = createHttpClient({ timeoutMs: 10_000, ...client });
  opened.push(http);
  return openCredentials({ environment: process.env, region: "eu-central-1", http, now: Date.now, ...options });
}

const rejection = (work: Promise<unknown>): Promise<ForwardError> =>
  work.then(
    () => expect.fail("This should have failed."),
    (error: ForwardError) => error,
  );

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
}

type Stub = TestServer & { readonly asked: readonly Asked[] };

/** A service of AWS's that answers as it is told; what it was asked is kept. */
async function stub(
  answer: (asked: Asked, number: number) => [status: number, body: string, headers?: Record<string, string>],
): Promise<Stub> {
  const all: Asked[] = [];
  const server = await serveHttp((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => {
      const { method = "", url: path = "", headers } = incoming;
      const asked = { method, path, headers, body: Buffer.concat(chunks) };
      all.push(asked);
      const [status, body, more] = answer(asked, all.length);
      outgoing.writeHead(status, more).end(body);
    });
  });
  opened.push(server);
  return { ...server, asked: all };
}

const inMinutes = (minutes: number): string => new Date(Date.now() + minutes * 60_000).toISOString();

const metadata = (n: number, minutes = 60): string =>
  JSON.stringify({
    Code: "Success",
    Type: "AWS-HMAC",
    AccessKeyId: `AKID${n}`,
    SecretAccessKey: "secret",
    Token: `token ${n}`,
    Expiration: inMinutes(minutes),
  });

const role = (n: number, minutes = 60): string =>
  `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
   <AccessKeyId>AKIDROLE${n}</AccessKeyId><SecretAccessKey>role/secret+</SecretAccessKey>
   <SessionToken>role token ${n}</SessionToken><Expiration>${inMinutes(minutes)}</Expiration>
   </Credentials></AssumeRoleResult></AssumeRoleResponse>`;

const stsError = (code: string): string =>
  `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>as the test wants it</Message></Error></ErrorResponse>`;

describe("credentials come from", () => {
  it("the environment before everything else", async () => {
    const environment = { ...own, AWS_SESSION_TOKEN: "token", AWS_PROFILE: "no such profile" };
    expect(await source({ environment }).get()).toEqual({
      accessKeyId: "AKIDOWN",
      secretAccessKey: "own secret",
      sessionToken: "token",
    });
  });

  it("the shared files, by profile", async () => {
    const file =
      "[default]\naws_access_key_id=AKIDFILE\naws_secret_access_key=x\n[other]\naws_access_key_id=AKIDOTHER\naws_secret_access_key=y\n";
    await writeFile(join(home, "credentials"), file);
    expect(await source().get()).toMatchObject({ accessKeyId: "AKIDFILE", secretAccessKey: "x" });
    process.env.AWS_PROFILE = "other";
    expect(await source().get()).toMatchObject({ accessKeyId: "AKIDOTHER" });
  });

  it("a process that a profile names", async () => {
    const answer = JSON.stringify({ Version: 1, AccessKeyId: "AKIDPROCESS", SecretAccessKey: "x" });
    await writeFile(join(home, "answer.json"), answer);
    await writeFile(join(home, "config"), `[default]\ncredential_process = cat ${join(home, "answer.json")}\n`);
    expect(await source().get()).toMatchObject({ accessKeyId: "AKIDPROCESS" });
  });

  it("the container's metadata, with its token", async () => {
    const container = await stub(() => [200, metadata(1)]);
    process.env.AWS_CONTAINER_CREDENTIALS_FULL_URI = `http://127.0.0.1:${container.port}/role`;
    process.env.AWS_CONTAINER_AUTHORIZATION_TOKEN = "Basic abc";
    expect(await source().get()).toEqual({
      accessKeyId: "AKID1",
      secretAccessKey: "secret",
      sessionToken: "token 1",
      expiresAt: expect.any(Number),
    });
    expect(container.asked).toMatchObject([{ path: "/role", headers: { authorization: "Basic abc" } }]);
  });

  it("the instance's metadata, version 2, never through a proxy", async () => {
    const imds = await stub(({ method, path }) => {
      if (method === "PUT") return [200, "imds token"];
      return path.endsWith("/security-credentials/") ? [200, "my-role"] : [200, metadata(2)];
    });
    delete process.env.AWS_EC2_METADATA_DISABLED;
    process.env.AWS_EC2_METADATA_SERVICE_ENDPOINT = `http://127.0.0.1:${imds.port}`;
    const proxy = await serveProxy();
    opened.push(proxy);
    expect(await source({}, { proxy: proxy.url.href }).get()).toMatchObject({
      accessKeyId: "AKID2",
      sessionToken: "token 2",
    });
    expect(imds.asked.map(({ method, path }) => `${method} ${path}`)).toEqual([
      "PUT /latest/api/token",
      "GET /latest/meta-data/iam/security-credentials/",
      "GET /latest/meta-data/iam/security-credentials/my-role",
    ]);
    expect(imds.asked[1]!.headers["x-aws-ec2-metadata-token"]).toBe("imds token");
    expect(proxy.asked).toEqual([]);
  });

  it("a web identity, as a pod has it, by the same client as everything else", async () => {
    const sts = await stub(() => [200, role(7).replaceAll("AssumeRole", "AssumeRoleWithWebIdentity")]);
    await writeFile(join(home, "token"), "a.b.c");
    Object.assign(process.env, {
      AWS_WEB_IDENTITY_TOKEN_FILE: join(home, "token"),
      AWS_ROLE_ARN: "arn:aws:iam::123456789012:role/pod",
      AWS_ENDPOINT_URL_STS: "http://sts.test",
    });
    const proxy = await serveHttp((incoming, outgoing) => {
      expect(incoming.url).toMatch(/^http:\/\/sts\.test\//);
      fetch(sts.url, { method: "POST", body: "x" }).then(async (answer) => outgoing.end(await answer.text()));
    });
    opened.push(proxy);
    expect(await source({}, { proxy: proxy.url.href }).get()).toMatchObject({ accessKeyId: "AKIDROLE7" });
  });
});

describe("no credentials", () => {
  it("is told with what to do, and documents are held", async () => {
    const error = await rejection(source().get());
    expect(error).toMatchObject({ code: "FLUORO_NO_CREDENTIALS", advice: "hold", kind: "other" });
    expect(error.message).toMatch(/^No AWS credentials were found \(.+\)\. Set AWS_ACCESS_KEY_ID and .*role\.$/);
  });

  it("is not found out again by every request, but when some have come they are seen", async () => {
    let exists = false;
    const container = await stub(() => (exists ? [200, metadata(1)] : [403, "{}"]));
    process.env.AWS_CONTAINER_CREDENTIALS_FULL_URI = `http://127.0.0.1:${container.port}/role`;
    let now = 0;
    const credentials = source({ now: () => now });
    await rejection(credentials.get());
    const times = container.asked.length;
    await rejection(credentials.get());
    expect(container.asked).toHaveLength(times);
    exists = true;
    now += 5_001;
    expect(await credentials.get()).toMatchObject({ accessKeyId: "AKID1" });
  });

  it("a file that names a profile twice over, or none, is no reason to stop", async () => {
    process.env.AWS_PROFILE = "missing";
    expect(await rejection(source().get())).toMatchObject({ code: "FLUORO_NO_CREDENTIALS", advice: "hold" });
  });
});

describe("credentials that expire", () => {
  it("are kept, and replaced beforehand while the old ones go on being used", async () => {
    let now = Date.now();
    const sts = await stub((_, n) => [200, role(n)]);
    const environment = { ...own, AWS_ENDPOINT_URL_STS: sts.url.href };
    const credentials = source({ environment, roleArn: "arn:aws:iam::1:role/r", now: () => now });
    const all = await Promise.all(Array.from({ length: 20 }, () => credentials.get()));
    expect(new Set(all.map(({ accessKeyId }) => accessKeyId))).toEqual(new Set(["AKIDROLE1"]));
    now += 54 * 60_000;
    expect((await credentials.get()).accessKeyId).toBe("AKIDROLE1");
    expect(sts.asked).toHaveLength(1);
    now += 2 * 60_000;
    expect((await credentials.get()).accessKeyId).toBe("AKIDROLE1");
    await expect.poll(async () => (await credentials.get()).accessKeyId).toBe("AKIDROLE2");
    expect(sts.asked).toHaveLength(2);
  });

  it("hold on while new ones cannot be had, until they are over", async () => {
    let now = Date.now();
    let isDown = false;
    const sts = await stub(() => (isDown ? [503, ""] : [200, role(1)]));
    const environment = { ...own, AWS_ENDPOINT_URL_STS: sts.url.href };
    const credentials = source({ environment, roleArn: "arn:aws:iam::1:role/r", now: () => now });
    await credentials.get();
    isDown = true;
    now += 57 * 60_000;
    expect((await credentials.get()).accessKeyId).toBe("AKIDROLE1");
    await expect.poll(() => sts.asked.length).toBe(2);
    await credentials.get();
    expect(sts.asked).toHaveLength(2);
    now += 10 * 60_000;
    expect(await rejection(credentials.get())).toMatchObject({ advice: "retry", status: 503 });
  });

  it("are renewed at once when X-Ray says so, and the request goes out again", async () => {
    const container = await stub((_, n) => [200, metadata(n)]);
    process.env.AWS_CONTAINER_CREDENTIALS_FULL_URI = `http://127.0.0.1:${container.port}/role`;
    const xray = await stub(({ headers }) =>
      headers["x-amz-security-token"] === "token 1"
        ? [
            403,
            '{"message":"The security token included in the request is expired"}',
            { "x-amzn-ErrorType": "ExpiredTokenException" },
          ]
        : [200, "{}"],
    );
    const http = createHttpClient();
    opened.push(http);
    let now = Date.now();
    const credentials = source({ now: () => now });
    const send = createSignedSender({ http, credentials, region: "eu-central-1", log: silentLog, now: () => now });
    await credentials.get();
    now += 60_000;
    const answers = await Promise.all([1, 2, 3].map(() => send(xray.url, { method: "POST", body: Buffer.from("{}") })));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(container.asked).toHaveLength(2);
    const fault = await signatureFault(xray.asked.at(-1)!, {
      accessKeyId: "AKID2",
      secretAccessKey: "secret",
      sessionToken: "token 2",
    });
    expect(fault).toBeUndefined();
  });
});

describe("a role", () => {
  const roleArn = "arn:aws:iam::123456789012:role/x-ray";

  it("is taken on at STS with our own keys, signed", async () => {
    const sts = await stub(() => [200, role(1)]);
    const environment = { ...own, AWS_ENDPOINT_URL_STS: sts.url.href };
    expect(await source({ environment, roleArn, externalId: "a&b" }).get()).toEqual({
      accessKeyId: "AKIDROLE1",
      secretAccessKey: "role/secret+",
      sessionToken: "role token 1",
      expiresAt: expect.any(Number),
    });
    const [asked] = sts.asked;
    expect(Object.fromEntries(new URLSearchParams(String(asked!.body)))).toEqual({
      Action: "AssumeRole",
      Version: "2011-06-15",
      RoleArn: roleArn,
      RoleSessionName: "xray-daemon",
      ExternalId: "a&b",
    });
    expect(asked!.headers.authorization).toContain("/eu-central-1/sts/aws4_request");
    const keys = { accessKeyId: "AKIDOWN", secretAccessKey: "own secret" };
    expect(await signatureFault(asked!, keys)).toBeUndefined();
  });

  it("is asked for in the region that is always on, when STS is off in ours", async () => {
    const regions: string[] = [];
    const sts = await stub(({ headers }) => {
      regions.push(/\/\d{8}\/([^/]+)\//.exec(headers.authorization!)![1]!);
      return regions.length === 1 ? [403, stsError("RegionDisabledException")] : [200, role(1)];
    });
    const environment = { ...own, AWS_ENDPOINT_URL_STS: sts.url.href };
    expect(await source({ environment, roleArn, region: "ap-east-1" }).get()).toMatchObject({
      accessKeyId: "AKIDROLE1",
    });
    expect(regions).toEqual(["ap-east-1", "us-east-1"]);
  });

  it.each([
    [403, "AccessDenied"],
    [400, "ValidationError"],
  ])("that is refused (%d %s) is for a person to mend", async (status, code) => {
    const sts = await stub(() => [status, stsError(code)]);
    const environment = { ...own, AWS_ENDPOINT_URL_STS: sts.url.href };
    const error = await rejection(source({ environment, roleArn }).get());
    expect(error).toMatchObject({ code: "FLUORO_NO_CREDENTIALS", advice: "hold", status });
    expect(error.message).toContain(`${roleArn} (${code}: as the test wants it)`);
  });

  it.each([
    ["an STS that is ill", () => [500, "oops"] as [number, string]],
    ["an STS that is busy", () => [400, stsError("Throttling")] as [number, string]],
    ["an answer without credentials", () => [200, "<html>"] as [number, string]],
  ])("%s is tried again", async (_, answer) => {
    const sts = await stub(answer);
    const environment = { ...own, AWS_ENDPOINT_URL_STS: sts.url.href };
    expect(await rejection(source({ environment, roleArn }).get())).toMatchObject({ advice: "retry" });
  });

  it("is taken on with renewed keys when STS says that ours have expired", async () => {
    const container = await stub((_, n) => [200, metadata(n)]);
    process.env.AWS_CONTAINER_CREDENTIALS_FULL_URI = `http://127.0.0.1:${container.port}/role`;
    const sts = await stub(({ headers }) =>
      headers["x-amz-security-token"] === "token 1" ? [403, stsError("ExpiredToken")] : [200, role(1)],
    );
    let now = Date.now();
    const environment = { ...process.env, AWS_ENDPOINT_URL_STS: sts.url.href };
    // Half a minute between each look at the clock: what was fetched just now is not fetched again.
    const later = (): number => {
      now += 30_000;
      return now;
    };
    const credentials = source({ environment, roleArn, now: later });
    expect(await credentials.get()).toMatchObject({ accessKeyId: "AKIDROLE1" });
    expect(container.asked).toHaveLength(2);
  });
});
