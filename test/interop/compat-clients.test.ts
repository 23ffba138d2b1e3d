import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it, type TestContext } from "vitest";
import { type InstalledSdk, installSdk } from "../fixtures/installed-sdk.ts";
import { type RunningExample, startExample } from "../fixtures/running-example.ts";
import type { Document } from "./compat-differences.ts";
import { comparable, runProgram, type Who } from "./compat-runs.ts";
import { type RunningUp, startUp } from "./running-up.ts";

/** Real clients of PostgreSQL, MySQL and AWS, captured by X-Ray's SDK for Node and by ours: their documents are the same. */
const program = fileURLToPath(new URL("clients/compat-clients.cjs", import.meta.url));
const examples = fileURLToPath(new URL("../../examples/", import.meta.url));
/** Where `npm install --prefix .node24 --no-save --no-package-lock mysql2 aws-sdk@2` puts what the tests have not themselves. */
const more = fileURLToPath(new URL("../../.node24/", import.meta.url));

let sdk: InstalledSdk;
let up: RunningUp;
let postgres: RunningExample;

beforeAll(async () => {
  sdk = installSdk();
  up = await startUp();
  postgres = await startExample([`${examples}fetch-and-sql/postgres.mjs`, "0"], { cwd: examples });
}, 120_000);

afterAll(async () => {
  await postgres?.end();
  await up?.close();
  sdk?.remove();
});

/** Some packages are too large, or too old, to be among the tests' own. */
function need(name: string, context: TestContext): void {
  if (!existsSync(`${more}node_modules/${name}`)) context.skip(`${name} is not installed in .node24`);
}

async function documentOf(client: string, who: Who): Promise<Document> {
  const servers = { FLUOROSCOPE_API: up.http, POSTGRES_URL: postgres.address };
  const env = { MORE_CLIENTS: more, ...servers, AWS_SDK_JS_SUPPRESS_MAINTENANCE_MODE_MESSAGE: "1" };
  const { documents } = await runProgram([program, client], { who, sdk, count: 1, env });
  expect(documents).toHaveLength(1);
  return documents[0]!;
}

/** Answers our document, when it is theirs. */
async function sameDocument(client: string): Promise<Document> {
  const theirs = await documentOf(client, "theirs");
  const ours = await documentOf(client, "ours");
  expect(comparable([ours], "ours")).toEqual(comparable([theirs], "theirs"));
  return ours;
}

it("pg with PostgreSQL's own engine: queries that succeed and one that fails", async () => {
  const { annotations, subsegments = [] } = await sameDocument("postgres");
  expect(annotations).toEqual({ cents: 320, teas: 2 });
  const failed = subsegments.map(({ fault }) => fault ?? false);
  expect(failed).toEqual([false, false, false, true, false, false, false]);
  const sql = { user: "postgres", preparation: "statement" };
  expect(subsegments[2]).toMatchObject({ name: "shop@127.0.0.1", namespace: "remote", sql });
});

it("pg: a promise that is rejected ends its subsegment", async () => {
  const { subsegments = [] } = await documentOf("rejected", "ours");
  const exceptions = [{ message: 'relation "cups" does not exist' }];
  expect(subsegments).toMatchObject([{ name: "shop@127.0.0.1", fault: true, cause: { exceptions } }]);
});

it("mysql2 with a server that speaks MySQL's protocol, by callbacks and promises", async (context) => {
  need("mysql2", context);
  const { annotations, subsegments = [] } = await sameDocument("mysql2");
  expect(annotations).toEqual({ cents: 320, promised: 320 });
  // A pool's query is one of its connection's as well, with either.
  expect(subsegments.map(({ fault }) => fault ?? false)).toEqual([false, false, true, false, false, false, true]);
  expect(subsegments[1]).toMatchObject({ name: "shop@127.0.0.1", sql: { user: "tea", preparation: "statement" } });
});

it("AWS's SDK, version 3, with a stub of DynamoDB and fluoroscope's own API", async () => {
  const { subsegments = [] } = await sameDocument("aws3");
  expect(subsegments).toMatchObject([
    { name: "DynamoDB", namespace: "aws", aws: { operation: "GetItem", table_name: "teas" } },
    { name: "DynamoDB", error: true, throttle: true },
    { name: "XRay", aws: { operation: "GetTraceSummaries" }, http: { response: { status: 200 } } },
    { name: "XRay", error: true, http: { response: { status: 400 } } },
  ]);
});

it("AWS's SDK, version 2, with the same", async (context) => {
  need("aws-sdk", context);
  const { subsegments = [] } = await sameDocument("aws2");
  expect(subsegments).toMatchObject([
    { name: "dynamodb", namespace: "aws", aws: { operation: "GetItem", table_name: "teas" } },
    { name: "dynamodb", error: true, throttle: true },
    { name: "dynamodb", http: { response: { status: 200 } } },
    { name: "xray", aws: { operation: "GetTraceSummaries" } },
    { name: "xray", error: true },
  ]);
});
