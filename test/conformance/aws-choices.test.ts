import {
  BatchGetTracesCommand,
  GetGroupCommand,
  GetGroupsCommand,
  GetTraceSummariesCommand,
  PutTraceSegmentsCommand,
} from "@aws-sdk/client-xray";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type AServer, aServer, putFixtures } from "./a-server.ts";

const others = "unknownTraces=omitted,summaryRange=6h,summaryPage=30,documentErrors=aws,defaultGroup=hidden";

let ours: AServer;
let other: AServer;
beforeAll(async () => {
  [ours, other] = await Promise.all([aServer(), aServer({ awsChoices: others })]);
  await Promise.all([putFixtures(ours), putFixtures(other)]);
});
afterAll(() => Promise.all([ours?.close(), other?.close()]));

it("ids without a trace are listed, or left out", async () => {
  const TraceIds = ["1-00000000-000000000000000000000000"];
  const ask = async (server: AServer) =>
    (await server.client.send(new BatchGetTracesCommand({ TraceIds }))).UnprocessedTraceIds;
  expect([await ask(ours), await ask(other)]).toEqual([TraceIds, []]);
});

it("summaries are asked about any range, or about six hours", async () => {
  const long = { StartTime: new Date(0), EndTime: new Date(6 * 3_600_000 + 5_000) };
  await ours.client.send(new GetTraceSummariesCommand(long));
  await expect(other.client.send(new GetTraceSummariesCommand(long))).rejects.toThrow("6 hours");
  await other.client.send(new GetTraceSummariesCommand({ ...long, EndTime: new Date(6 * 3_600_000) }));
});

it("a mistake has a code of its own, or one that AWS is known for", async () => {
  const TraceSegmentDocuments = ["{", JSON.stringify({ trace_id: "x", id: "0000000000000001", name: "a" })];
  const codes = async (server: AServer) =>
    (await server.client.send(new PutTraceSegmentsCommand({ TraceSegmentDocuments }))).UnprocessedTraceSegments!.map(
      ({ ErrorCode }) => ErrorCode,
    );
  expect(await codes(ours)).toEqual(["InvalidJson", "InvalidTraceId"]);
  expect(await codes(other)).toEqual(["InvalidSegment", "InvalidTraceId"]);
});

it("the group Default is listed or not, and is there in any case", async () => {
  const list = async (server: AServer) => (await server.client.send(new GetGroupsCommand({}))).Groups!.length;
  expect([await list(ours), await list(other)]).toEqual([1, 0]);
  const { Group } = await other.client.send(new GetGroupCommand({ GroupName: "Default" }));
  expect(Group!.GroupName).toBe("Default");
});

it("an unknown choice is refused with the place where they are listed", async () => {
  await expect(aServer({ awsChoices: "textCase=maybe" })).rejects.toThrow("aws-choices.md");
});
