import { expect, it, vi } from "vitest";
import { Ingest } from "../ingest/ingest.ts";
import { silentLog } from "../log.ts";
import { daemonOperations } from "./daemon-operations.ts";

const call = (path: string, body: string | object, method = "POST") => ({
  method,
  path,
  body: Buffer.from(typeof body === "string" ? body : JSON.stringify(body)),
  userAgent: undefined,
});

it("operations are answered without a server, with AWS's names for what is wrong", async () => {
  const append = vi.fn(async () => ({ outcomes: [] }));
  const ingest = new Ingest({ append });
  const answer = daemonOperations({ ingest, log: silentLog, region: "eu-west-1" });
  expect(await answer(call("/GetSamplingRules", ""))).toMatchObject({
    status: 200,
    body: {
      SamplingRuleRecords: [{ SamplingRule: { RuleName: "Default", RuleARN: expect.stringContaining("eu-west-1") } }],
    },
  });
  expect(await answer(call("/SamplingTargets", {}))).toMatchObject({
    status: 400,
    errorType: "InvalidRequestException",
    body: { Message: expect.stringContaining("SamplingStatisticsDocuments") },
  });
  expect(await answer(call("/SamplingTargets", "{"))).toMatchObject({
    status: 400,
    errorType: "SerializationException",
  });
  expect(await answer(call("/TraceSegments", { TraceSegmentDocuments: ["{}"] }))).toEqual({
    status: 200,
    body: { UnprocessedTraceSegments: [] },
  });
  expect(append).toHaveBeenCalledOnce();
});

it("what is no operation of these is left to others", async () => {
  const answer = daemonOperations({ ingest: new Ingest({ append: async () => ({ outcomes: [] }) }), log: silentLog });
  expect(await answer(call("/ServiceGraph", {}))).toBeUndefined();
  expect(await answer(call("/GetSamplingRules", {}, "PUT"))).toBeUndefined();
});

it("documents that come while the daemon stops are to be sent again", async () => {
  const ingest = new Ingest({ append: async () => ({ outcomes: [] }) });
  await ingest.close();
  const answer = daemonOperations({ ingest, log: silentLog });
  expect(await answer(call("/TraceSegments", { TraceSegmentDocuments: ["{}"] }))).toMatchObject({
    status: 429,
    errorType: "ThrottledException",
  });
});
