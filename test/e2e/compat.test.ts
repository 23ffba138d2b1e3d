import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { type InstalledSdk, installSdk } from "../fixtures/installed-sdk.ts";
import { startUdpReceiver, type UdpReceiver } from "../fixtures/udp-receiver.ts";
import { type RunningApp, runApp, startApp } from "./running-app.ts";

/** Applications of X-Ray's SDK, started with ours in its place. */
const register = ["--import", "fluoroscope-sdk/compat/register"];
const halfMoved = fileURLToPath(new URL("sdk-apps/half-moved.mjs", import.meta.url));

let sdk: InstalledSdk;
let daemon: UdpReceiver;
let app: RunningApp | undefined;

beforeAll(async () => {
  sdk = installSdk();
  daemon = await startUdpReceiver();
});

afterEach(async () => {
  await app?.end("SIGKILL");
  app = undefined;
  daemon.clear();
});

afterAll(() => {
  daemon?.close();
  sdk?.remove();
});

const run = (program: string, node?: string) =>
  runApp([...register, program], {
    cwd: sdk.folder,
    env: { AWS_XRAY_DAEMON_ADDRESS: daemon.address },
    ...(node && { node }),
  });

/** An application in whose folder none of X-Ray's packages is installed. */
const allWays = `
  import { createRequire } from "node:module";
  import byDefault, { captureFunc } from "aws-xray-sdk-core";
  import { openSegment } from "aws-xray-sdk-express";
  import { enableCapture } from "aws-xray-sdk-fetch";
  import captureMySQL from "aws-xray-sdk-mysql";
  import capturePostgres from "aws-xray-sdk-postgres";
  import own, { getSegment } from "fluoroscope-sdk/compat";
  const require = createRequire(import.meta.url);
  const all = require("aws-xray-sdk");
  const isOne = [require("aws-xray-sdk-core"), own, { ...own }].map((each) => each.Segment === byDefault.Segment);
  const types = [captureFunc, openSegment, enableCapture, captureMySQL, capturePostgres, all.captureMySQL, getSegment]
    .map((each) => typeof each);
  own.getNamespace().run(() => {
    own.setSegment(new own.Segment("all ways"));
    captureFunc("one", () => all.getSegment().addAnnotation("name", own.getSegment().name));
    getSegment().close();
  });
  console.log(JSON.stringify([isOne, types, typeof all.express.openSegment]));
`;

async function askInAllWays(node?: string): Promise<void> {
  const { code, output, complaints } = await run(sdk.write("all-ways.mjs", allWays), node);
  expect({ code, complaints }).toEqual({ code: 0, complaints: "" });
  expect(JSON.parse(output)).toEqual([[true, true, true], Array(7).fill("function"), "function"]);
  const segment = await daemon.find(({ name }) => name === "all ways");
  expect(segment.subsegments).toMatchObject([{ name: "one", annotations: { name: "one" } }]);
}

it("whoever imports or requires X-Ray's SDK, in whatever way, gets one and the same", () => askInAllWays());

it("so it is on the current LTS, where one hook answers all", async (context) => {
  const folder = fileURLToPath(new URL("../../.node24/node_modules/", import.meta.url));
  const node = ["x64", "arm64"].map((cpu) => `${folder}node-linux-${cpu}/bin/node`).find((path) => existsSync(path));
  if (node === undefined) return context.skip("Node 24 is not installed; .ci/run installs it in .node24");
  await askInAllWays(node);
});

it("what is imported within a package of X-Ray's is left to that package", async () => {
  const program = `import("aws-xray-sdk-core/dist/lib/logger").catch(({ code }) => console.log(code));`;
  expect((await run(sdk.write("deep.mjs", program))).output.trim()).toBe("ERR_MODULE_NOT_FOUND");
});

it("an application that has both, halfway to OpenTelemetry, has one trace, and each call once", async () => {
  app = await startApp(["--import", "fluoroscope-sdk/register", ...register, halfMoved], {
    cwd: sdk.folder,
    env: { AWS_XRAY_DAEMON_ADDRESS: daemon.address, AWS_XRAY_TRACING_NAME: "half-moved" },
  });
  const root = "1-5759e988-bd862e3fe1be46a994272793";
  await fetch(`${app.url}/tea`, { headers: { "x-amzn-trace-id": `Root=${root};Sampled=1` } });
  const segment = await daemon.find(({ name, annotations }) => name === "half-moved" && annotations !== undefined);
  const brew = await daemon.find(({ name }) => name === "brew");
  const boil = await daemon.find(({ name }) => name === "boil");
  const stir = await daemon.find(({ name }) => name === "stir");
  expect(segment.annotations).toMatchObject({ tea: "green" });
  expect(brew).toMatchObject({ type: "subsegment", trace_id: root, parent_id: segment.id });
  expect(boil).toMatchObject({ type: "subsegment", trace_id: root, parent_id: brew.id });
  expect(stir).toMatchObject({ trace_id: root, parent_id: boil.id, annotations: { stirred: true } });
  // The two calls, by spans alone, and what they called.
  expect(segment.subsegments?.map(({ name }) => name)).toEqual(["127.0.0.1", "127.0.0.1"]);
  const segments = daemon.documents.filter(({ name, type }) => name === "half-moved" && type === undefined);
  expect(segments).toHaveLength(3);
  expect(new Set(segments.map(({ trace_id: id }) => id))).toEqual(new Set([root]));
});

it("an error that Express hands on is on the segment, whoever makes it", async () => {
  app = await startApp(["--import", "fluoroscope-sdk/register", ...register, halfMoved], {
    cwd: sdk.folder,
    env: { AWS_XRAY_DAEMON_ADDRESS: daemon.address, AWS_XRAY_TRACING_NAME: "half-moved" },
  });
  await fetch(`${app.url}/broken`, { headers: { "x-amzn-trace-id": "Sampled=1" } });
  const segment = await daemon.find(({ name }) => name === "half-moved");
  expect(segment).toMatchObject({ fault: true, cause: { exceptions: [{ message: "the pot is broken" }] } });
});
