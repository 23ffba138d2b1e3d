import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  GetInsightCommand,
  GetInsightEventsCommand,
  GetInsightImpactGraphCommand,
  GetInsightSummariesCommand,
  UpdateGroupCommand,
} from "@aws-sdk/client-xray";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Insight } from "../../src/insights/insight.ts";
import { type AServer, aServer, putFixtures } from "./a-server.ts";

const impact = { fault: 3, ok: 7, total: 10 };
const anomalous = [{ name: "scores", type: "AWS::DynamoDB::Table" }, { name: "backend.example.com" }];
const summary = "Faults are back to what is usual. In 4 minutes 3 of 10 requests failed with a fault.";

/** As the watcher would have left it. */
function anInsight(n: number, members: Partial<Insight> = {}): Insight {
  const facts = { anomalous, clientImpact: impact, rootCauseImpact: impact };
  return {
    id: `00000000-0000-4000-8000-00000000000${n}`,
    groupName: "Default",
    state: "CLOSED",
    startSeconds: 1_700_000_000 + n * 600,
    endSeconds: 1_700_000_240 + n * 600,
    updatedSeconds: 1_700_000_540 + n * 600,
    rootCause: anomalous[0]!,
    summary,
    events: [1, 2, 3].map((at) => ({ atSeconds: 1_700_000_000 + at, summary: `Event ${at}.`, ...facts })),
    ...facts,
    ...members,
  };
}

const { endSeconds: _, ...active } = anInsight(3, { state: "ACTIVE" });
const insights = [anInsight(1), anInsight(2, { groupName: "other" }), active];

const folder = mkdtempSync(join(tmpdir(), "fluoroscope-insights-"));
const dataDir = join(folder, "data");
let server: AServer;
beforeAll(async () => {
  mkdirSync(dataDir);
  writeFileSync(join(dataDir, "insights.json"), JSON.stringify({ version: 1, insights, watchedMinutes: {} }));
  server = await aServer({ ephemeral: "false", dataDir });
  await putFixtures(server);
});
afterAll(async () => {
  await server?.close();
  rmSync(folder, { recursive: true });
});

const range = { StartTime: new Date("2023-01-01"), EndTime: new Date("2024-01-01"), GroupName: "Default" };

it("a group's insights come newest first, with everything that clients read", async () => {
  const { InsightSummaries, NextToken } = await server.client.send(new GetInsightSummariesCommand(range));
  expect(NextToken).toBeUndefined();
  expect(InsightSummaries!.map(({ InsightId }) => InsightId!.at(-1))).toEqual(["3", "1"]);
  expect(InsightSummaries![1]).toEqual({
    InsightId: insights[0]!.id,
    GroupARN: expect.stringMatching(/:group\/Default$/),
    GroupName: "Default",
    RootCauseServiceId: { Name: "scores", Names: ["scores"], Type: "AWS::DynamoDB::Table" },
    Categories: ["FAULT"],
    State: "CLOSED",
    StartTime: new Date(1_700_000_600_000),
    EndTime: new Date(1_700_000_840_000),
    LastUpdateTime: new Date(1_700_001_140_000),
    Summary: summary,
    ClientRequestImpactStatistics: { FaultCount: 3, OkCount: 7, TotalCount: 10 },
    RootCauseServiceRequestImpactStatistics: { FaultCount: 3, OkCount: 7, TotalCount: 10 },
    TopAnomalousServices: [
      { ServiceId: { Name: "scores", Names: ["scores"], Type: "AWS::DynamoDB::Table" } },
      { ServiceId: { Name: "backend.example.com", Names: ["backend.example.com"] } },
    ],
  });
});

it("they are narrowed down by state and time, and come in pages", async () => {
  const ids = async (more: object): Promise<(string | undefined)[]> =>
    (await server.client.send(new GetInsightSummariesCommand({ ...range, ...more }))).InsightSummaries!.map(
      ({ State }) => State,
    );
  expect(await ids({ States: ["ACTIVE"] })).toEqual(["ACTIVE"]);
  // An active insight goes on until now.
  expect(await ids({ StartTime: new Date("2023-12-01") })).toEqual(["ACTIVE"]);
  const first = await server.client.send(new GetInsightSummariesCommand({ ...range, MaxResults: 1 }));
  const { NextToken } = first;
  expect(await ids({ MaxResults: 1, NextToken })).toEqual(["CLOSED"]);
  const refusal = (more: object) => expect(ids(more)).rejects;
  await refusal({ GroupName: "none" }).toThrow("Group not found");
  await refusal({ GroupName: undefined }).toThrow("Group not found");
  await refusal({ MaxResults: 101 }).toThrow("at most 100");
});

it("one is read with its events", async () => {
  const InsightId = insights[0]!.id;
  const { Insight } = await server.client.send(new GetInsightCommand({ InsightId }));
  expect(Insight).toMatchObject({ InsightId, State: "CLOSED", Summary: summary });
  const { InsightEvents } = await server.client.send(new GetInsightEventsCommand({ InsightId, MaxResults: 2 }));
  expect(InsightEvents!.map(({ Summary }) => Summary)).toEqual(["Event 3.", "Event 2."]);
  expect(InsightEvents![0]).toMatchObject({
    EventTime: new Date(1_700_000_003_000),
    ClientRequestImpactStatistics: { FaultCount: 3 },
  });
  await expect(
    server.client.send(new GetInsightCommand({ InsightId: InsightId.replace(/1$/, "9") })),
  ).rejects.toMatchObject({ name: "InvalidRequestException" });
  await expect(server.client.send(new GetInsightCommand({ InsightId: "x" }))).rejects.toThrow("must match");
});

it("its graph is what calls the root cause and what that calls", async () => {
  const graph = await server.client.send(
    new GetInsightImpactGraphCommand({
      InsightId: insights[0]!.id,
      StartTime: new Date("2000-01-01"),
      EndTime: new Date("2040-01-01"),
    }),
  );
  const names = graph.Services!.map(({ Name, Type }) => `${Name} ${Type ?? ""}`.trim());
  expect(names).toContain("scores AWS::DynamoDB::Table");
  expect(names).toContain("backend.example.com");
  expect(names).toContain("api.example.com client");
  expect(names.join()).not.toContain("worker.example.com");
  const references = graph.Services!.map(({ ReferenceId }) => ReferenceId);
  for (const { Edges } of graph.Services!) {
    for (const { ReferenceId } of Edges!) expect(references).toContain(ReferenceId);
  }
});

it("a group that wants insights is watched without disturbing anything", async () => {
  const InsightsConfiguration = { InsightsEnabled: true };
  const { Group } = await server.client.send(new UpdateGroupCommand({ GroupName: "Default", InsightsConfiguration }));
  expect(Group!.InsightsConfiguration).toEqual({ InsightsEnabled: true, NotificationsEnabled: false });
});
