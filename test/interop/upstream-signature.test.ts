import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { readConfig } from "../../src/config.ts";
import { type Running, up } from "../../src/up.ts";
import { aDocument } from "../fixtures/builders.ts";
import { type FakeUpstream, startFakeUpstream, type UpstreamRequest } from "../fixtures/fake-upstream.ts";
import { type PythonEnvironment, preparePython } from "./python-environment.ts";

/** What reaches AWS from `up --upstream aws` is signed once more, by AWS's own library for Python: both must agree. */
const script = fileURLToPath(new URL("clients/sign_requests.py", import.meta.url));
const keys = {
  AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
  AWS_SECRET_ACCESS_KEY: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
  AWS_SESSION_TOKEN: "IQoJb3JpZ2luX2VjE/+abc==",
};

let python: PythonEnvironment;
let aws: FakeUpstream;
let running: Running;

beforeAll(async () => {
  python = await preparePython();
}, 240_000);
beforeEach(async ({ skip }) => {
  if ("reason" in python) skip(`${python.reason} AWS's own library for JavaScript checks the daemon's signatures.`);
  aws = await startFakeUpstream();
  const flags = { port: "0", ephemeral: "true", upstream: "aws", upstreamEndpoint: aws.url, region: "eu-central-1" };
  const { config } = readConfig({ flags: { ...flags, noStore: "true" }, environment: { HOME: "/nonexistent" } });
  running = await up(config, { environment: keys });
});
afterEach(async () => {
  await running?.close();
  await aws?.close();
});

it("documents and questions alike are signed as botocore signs them", async () => {
  const post = (path: string, body: string): Promise<Response> =>
    fetch(running.addresses.http + path, {
      method: "POST",
      body,
      headers: { "x-amzn-xray-timestamp": "1795521600.5" },
    });
  await post("/TraceSegments", JSON.stringify({ TraceSegmentDocuments: [aDocument({ name: "Küche ☕" })] }));
  await post("/GetSamplingRules", "{}");
  await post("/TraceSummaries?b=2&a=1", '{"StartTime":1795521600,"EndTime":1795521660}');
  await post("/A%20new/operation", "");
  expect(aws.requests.map(({ path }) => path)).toEqual([
    "/TraceSegments",
    "/GetSamplingRules",
    "/TraceSummaries?b=2&a=1",
    "/A%20new/operation",
  ]);
  const ours = aws.requests.map(({ headers }) => headers.authorization);
  expect(ours).toEqual(await signedByBotocore(aws.requests));
  for (const { headers } of aws.requests) expect(headers["x-amz-security-token"]).toBe(keys.AWS_SESSION_TOKEN);
});

async function signedByBotocore(requests: readonly UpstreamRequest[]): Promise<string[]> {
  if (!("python" in python)) return [];
  const wanted = requests.map(({ method, path, headers, body }) => ({
    method,
    url: aws.url + path,
    headers: Object.fromEntries(signedNames(headers.authorization).map((name) => [name, headers[name]])),
    body: body.toString("base64"),
    time: headers["x-amz-date"],
    region: "eu-central-1",
    service: "xray",
    credentials: {
      accessKeyId: keys.AWS_ACCESS_KEY_ID,
      secretAccessKey: keys.AWS_SECRET_ACCESS_KEY,
      sessionToken: keys.AWS_SESSION_TOKEN,
    },
  }));
  const child = spawn(python.python, [script], { stdio: ["pipe", "pipe", "inherit"] });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  child.stdin.end(JSON.stringify(wanted));
  await once(child, "close");
  return output.trim().split("\n");
}

/** Those that we have signed, but for those that botocore adds itself. */
function signedNames(authorization = ""): string[] {
  const [, names = ""] = /SignedHeaders=([^,]+),/.exec(authorization) ?? [];
  return names.split(";").filter((name) => !["host", "x-amz-date", "x-amz-security-token"].includes(name));
}
