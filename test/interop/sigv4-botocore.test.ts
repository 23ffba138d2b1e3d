import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { beforeAll, beforeEach, expect, it } from "vitest";
import { signRequest, timestamp } from "../../src/sigv4/sign-request.ts";
import { SigningKeys } from "../../src/sigv4/signing-keys.ts";
import { type PythonEnvironment, preparePython } from "./python-environment.ts";

const script = fileURLToPath(new URL("clients/sign_requests.py", import.meta.url));
const keys = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" };
const now = Date.UTC(2026, 10, 24, 12);

interface Case {
  readonly about: string;
  readonly method?: string;
  readonly target?: string;
  readonly host?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly sessionToken?: string;
  readonly region?: string;
  readonly service?: string;
  readonly now?: number;
}

/** Percent-encoded as RFC 3986 wants it: botocore signs a query as it stands, we and AWS as it ought to stand. */
const cases: readonly Case[] = [
  { about: "documents", target: "/TraceSegments", body: '{"TraceSegmentDocuments":["{\\"é\\":1}"]}' },
  { about: "no path", target: "/" },
  { about: "a path with blanks, umlauts and signs", target: "/a%20b/%C3%BC/%21%27%28%29%2A/~x-_./%2F%25/" },
  { about: "signs that may stand as they are", target: "/a!b'c(d)e*f/$&+,;=:@" },
  { about: "a path that goes up and about", target: "/a/./b/../c//d/.." },
  { about: "a path that ends in slashes", target: "/a/b//" },
  { about: "a query out of order", target: "/x?b=2&a=2&a=1&B=0&ab=&a-=1" },
  { about: "a query with everything encoded", target: "/x?%C3%BC=%20%2B%26%3D&a%2Fb=~.-_&empty=" },
  {
    about: "many blanks in headers",
    headers: { "x-amzn-xray-timestamp": "  1795521600.000000000 ", "x-odd": "a   b \t c" },
  },
  { about: "a content type", headers: { "content-type": "application/x-amz-json-1.1; charset=utf-8" } },
  { about: "a port", host: "localhost:2000" },
  { about: "a session token", sessionToken: "IQoJb3JpZ2luX2VjE/+abc==" },
  { about: "a method without a body", method: "GET", target: "/x?list-type=2" },
  { about: "STS", service: "sts", region: "us-gov-west-1", target: "/", body: "Action=AssumeRole&Version=2011-06-15" },
  { about: "the first second of a day", now: Date.UTC(2027, 0, 1) },
];

let environment: PythonEnvironment;
let theirs: string[] = [];

beforeAll(async () => {
  environment = await preparePython();
  if ("python" in environment) theirs = await botocoreSigns(environment.python);
}, 240_000);

beforeEach(({ skip }) => {
  if ("reason" in environment)
    skip(`${environment.reason} AWS's own library for JavaScript checks signatures instead.`);
});

it.each(cases.map((each, index) => [each.about, index] as const))("%s: signed as botocore signs it", (_, index) => {
  const { method = "POST", headers, body = "", ...rest } = cases[index]!;
  const { sessionToken, region = "eu-central-1", service = "xray" } = rest;
  const credentials = { ...keys, ...(sessionToken !== undefined && { sessionToken }) };
  const { host, pathname, search } = addressOf(cases[index]!);
  const ours = signRequest(
    { method, url: { host, pathname, search } as URL, headers, body: Buffer.from(body) },
    { credentials, region, service, now: rest.now ?? now, keys: new SigningKeys() },
  );
  expect(ours.authorization).toBe(theirs[index]);
});

/** Not through the URL's parser, which would tidy the path before anybody signs it. */
function addressOf({ target = "/TraceSegments", host = "xray.eu-central-1.amazonaws.com" }: Case): {
  host: string;
  pathname: string;
  search: string;
} {
  const mark = target.indexOf("?");
  if (mark < 0) return { host, pathname: target, search: "" };
  return { host, pathname: target.slice(0, mark), search: target.slice(mark) };
}

async function botocoreSigns(python: string): Promise<string[]> {
  const wanted = cases.map((each) => {
    const { method = "POST", headers = {}, body = "", sessionToken, region = "eu-central-1", service = "xray" } = each;
    const { host, pathname, search } = addressOf(each);
    // What we sign and botocore does not by itself.
    const hash = signRequest(
      { method, url: { host, pathname, search } as URL, body: Buffer.from(body) },
      { credentials: keys, region, service, now, keys: new SigningKeys() },
    )["x-amz-content-sha256"];
    return {
      method,
      url: `https://${host}${pathname}${search}`,
      headers: { ...headers, "x-amz-content-sha256": hash },
      body: Buffer.from(body).toString("base64"),
      time: timestamp(each.now ?? now),
      region,
      service,
      credentials: { ...keys, sessionToken },
    };
  });
  const child = spawn(python, [script], { stdio: ["pipe", "pipe", "inherit"] });
  child.stdin.end(JSON.stringify(wanted));
  let printed = "";
  for await (const chunk of child.stdout) printed += chunk;
  return printed.trim().split("\n");
}
