import {
  CreateGroupCommand,
  GetServiceGraphCommand,
  GetTimeSeriesServiceStatisticsCommand,
  GetTraceSummariesCommand,
  InvalidRequestException,
  paginateGetTraceSummaries,
} from "@aws-sdk/client-xray";
import { afterAll, beforeAll, expect, it } from "vitest";
import { apiFixtures, fixtureTraceId } from "../fixtures/api-fixtures.ts";
import { aDocument, aWireSubsegment } from "../fixtures/builders.ts";
import { type AServer, aServer, putFixtures } from "./a-server.ts";

const dates = { StartTime: new Date(1_699_999_980_000), EndTime: new Date(1_700_000_580_000) };
const extraId = "1-6553f100-0000000000000000000000ee";

let server: AServer;
let strict: AServer;
let likeAws: AServer;
beforeAll(async () => {
  const awsChoices = "textCase=ignore,missingDiffers=no,precedence=left-to-right";
  server = await aServer();
  strict = await aServer({ strictLimits: "true" });
  likeAws = await aServer({ awsChoices });
  const subsegments = [aWireSubsegment({ name: "load", fault: true })];
  const document = aDocument({ trace_id: extraId, name: "extra", metadata: { default: { n: 31 } }, subsegments });
  for (const each of [server, strict, likeAws]) {
    await putFixtures(each);
    await each.post("/TraceSegments", { TraceSegmentDocuments: [document] });
    for (const [GroupName, FilterExpression] of Object.entries(apiFixtures.groups)) {
      await each.client.send(new CreateGroupCommand({ GroupName, FilterExpression }));
    }
  }
});
afterAll(() => Promise.all([server, strict, likeAws].map((each) => each?.close())));

async function find({ client }: AServer, FilterExpression: string): Promise<string[]> {
  const ids: string[] = [];
  for await (const page of paginateGetTraceSummaries({ client }, { ...dates, FilterExpression })) {
    ids.push(...page.TraceSummaries!.map(({ Id }) => Id!));
  }
  return ids.toSorted();
}

it.each(apiFixtures.filter_cases)("GetTraceSummaries finds by $expr: $meaning", async ({ expr, match }) => {
  const found = await find(server, expr);
  expect(found.filter((id) => id !== extraId)).toEqual(match.map(fixtureTraceId).toSorted());
});

it.each(apiFixtures.invalid_expressions)("GetTraceSummaries refuses $expr: $why", async ({ expr }) => {
  const asking = server.client.send(new GetTraceSummariesCommand({ ...dates, FilterExpression: expr }));
  await expect(asking).rejects.toBeInstanceOf(InvalidRequestException);
});

const ours = ["metadata.default.n = 31", 'subsegment("load") { fault }', 'service("extra") { subsegment("load") }'];

it.each(ours)("our own term %s finds traces, on maps and in groups too", async (expression) => {
  expect(await find(server, expression)).toEqual([extraId]);
  const group = { GroupName: `ours-${ours.indexOf(expression)}`, FilterExpression: expression };
  await server.client.send(new CreateGroupCommand(group));
  const { Services } = await server.client.send(new GetServiceGraphCommand({ ...dates, GroupName: group.GroupName }));
  expect(Services!.map(({ Name }) => Name)).toEqual(["extra", "extra"]);
});

it.each(ours)("with strict limits %s is refused, and no group can be made of it", async (expression) => {
  const asking = find(strict, expression);
  await expect(asking).rejects.toThrow("There is no keyword");
  const making = strict.client.send(new CreateGroupCommand({ GroupName: "ours", FilterExpression: expression }));
  await expect(making).rejects.toBeInstanceOf(InvalidRequestException);
});

it("choices about AWS decide how text, missing values, AND and OR are taken", async () => {
  expect(await find(server, 'user = "ALICE"')).toEqual([]);
  expect(await find(likeAws, 'user = "ALICE"')).toEqual([1, 8].map(fixtureTraceId));
  expect(await find(server, "http.status != 200")).toEqual([...[3, 4, 5, 7].map(fixtureTraceId), extraId].toSorted());
  expect(await find(likeAws, "http.status != 200")).toEqual([3, 4, 7].map(fixtureTraceId));
  expect(await find(server, "error OR ok AND fault")).toEqual([fixtureTraceId(4)]);
  expect(await find(likeAws, "error OR ok AND fault")).toEqual([]);
});

it("a selector may be any filter: the figures of what it names, in the traces that satisfy it", async () => {
  const ask = async (EntitySelectorExpression: string) => {
    const command = new GetTimeSeriesServiceStatisticsCommand({ ...dates, Period: 600, EntitySelectorExpression });
    const { TimeSeriesServiceStatistics: rows } = await server.client.send(command);
    const { ServiceSummaryStatistics: node, EdgeSummaryStatistics: edge } = rows![0]!;
    return { node: node?.TotalCount, edge: edge?.TotalCount };
  };
  expect(await ask('service("backend.example.com")')).toEqual({ node: 3 });
  expect(await ask('service("backend.example.com") { fault }')).toEqual({ node: 1 });
  expect(await ask('annotation.age > 20 AND id(name: "backend.example.com")')).toEqual({ node: 2 });
  expect(await ask('edge("api.example.com", "backend.example.com") { ok = true }')).toEqual({ edge: 1 });
  expect(await ask("http.status = 200 AND group.name = alices")).toEqual({ edge: 2 });
});

it.each(["fault", 'service("a") { fault }', 'annotation.a = "b"', 'service("a") AND fault'])(
  "with strict limits the selector %s is refused, as by AWS",
  async (EntitySelectorExpression) => {
    const command = new GetTimeSeriesServiceStatisticsCommand({ ...dates, EntitySelectorExpression });
    await expect(strict.client.send(command)).rejects.toBeInstanceOf(InvalidRequestException);
  },
);
