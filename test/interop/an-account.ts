import {
  CreateGroupCommand,
  CreateSamplingRuleCommand,
  GetGroupsCommand,
  PutTraceSegmentsCommand,
  StartTraceRetrievalCommand,
  type XRayClient,
} from "@aws-sdk/client-xray";
import { type Insight, noInsights } from "../../src/insights/insight.ts";
import { silentLog } from "../../src/log.ts";
import { openNodes } from "../../src/nodes/open-nodes.ts";
import { apiFixtures, fixtureDocuments, fixtureTraceId } from "../fixtures/api-fixtures.ts";
import { aDataFolder } from "./a-data-folder.ts";
import { xrayClient } from "./read-traces.ts";
import { startUp } from "./running-up.ts";

/** `fluoroscope up` with something of everything in it: traces, a group, a rule, insights, a retrieval. */
export interface Account {
  readonly endpoint: string;
  readonly client: XRayClient;
  /** What stands for the `$words` of api-cases.json. */
  readonly values: Readonly<Record<string, string | number>>;
  close(): Promise<void>;
}

/** All fixtures began at 1,700,000,000. */
const start = 1_699_999_000;
const end = start + 3 * 3_600;

/** With the address of a ClickHouse everything is kept there. */
export async function anAccount(flags: readonly string[] = [], store?: string): Promise<Account> {
  const folder = aDataFolder(store === undefined ? { "insights.json": { insights, watchedMinutes: {} } } : {});
  if (store !== undefined) await putInsights(store);
  const where = store === undefined ? ["--data-dir", folder.path] : ["--store", store];
  // Retention reaches back to the fixtures' year.
  const up = await startUp({}, [...where, "--retention", "36500d", ...flags]);
  const client = xrayClient(up.http);
  return {
    endpoint: up.http,
    client,
    values: await fill(client),
    async close() {
      client.destroy();
      await up.close();
      folder.remove();
    },
  };
}

async function putInsights(store: string): Promise<void> {
  const nodes = await openNodes(store, silentLog);
  const document = { insights, watchedMinutes: {} };
  await nodes.document("insights", noInsights).change(() => ({ document, result: undefined }));
  await nodes.close();
}

async function fill(client: XRayClient): Promise<Account["values"]> {
  const fixtures = apiFixtures.traces.flatMap(({ n }) => fixtureDocuments(n));
  const documents = [...fixtures, ...shopDocuments.map((document) => JSON.stringify(document))];
  await client.send(new PutTraceSegmentsCommand({ TraceSegmentDocuments: documents }));
  const { Group } = await client.send(new CreateGroupCommand({ GroupName: "walked", FilterExpression: "service()" }));
  const { SamplingRuleRecord } = await client.send(
    new CreateSamplingRuleCommand({ SamplingRule: aSamplingRule("walked"), Tags: [{ Key: "team", Value: "walkers" }] }),
  );
  const { RetrievalToken } = await client.send(
    new StartTraceRetrievalCommand({
      TraceIds: [...apiFixtures.traces.map(({ n }) => fixtureTraceId(n)), shopTrace],
      StartTime: new Date(start * 1000),
      EndTime: new Date(end * 1000),
    }),
  );
  const { Groups = [] } = await client.send(new GetGroupsCommand({}));
  return {
    start,
    end,
    weekLater: start + 7 * 86_400,
    groupArn: Group!.GroupARN!,
    defaultGroupArn: Groups.find(({ GroupName }) => GroupName === "Default")!.GroupARN!,
    ruleArn: SamplingRuleRecord!.SamplingRule!.RuleARN!,
    insightId: insights[0]!.id,
    retrievalToken: RetrievalToken!,
  };
}

/** A rule for requests that nobody sends. */
export function aSamplingRule(RuleName: string) {
  return {
    RuleName,
    ResourceARN: "*",
    Priority: 1_000,
    FixedRate: 0.1,
    ReservoirSize: 1,
    ServiceName: "walked",
    ServiceType: "*",
    Host: "*",
    HTTPMethod: "*",
    URLPath: "*",
    Version: 1,
  };
}

/** What the fixtures lack: accounts on the way to a fault, a target that is called by another name, a link. */
const shopTrace = "1-6553f100-0000000000000000000000bb";
const shopDocuments = [
  {
    trace_id: shopTrace,
    id: "00000000000000b1",
    name: "front.example.com",
    start_time: 1_700_000_000,
    end_time: 1_700_000_000.5,
    aws: { account_id: "444455556666" },
    fault: true,
    subsegments: [
      {
        id: "00000000000000b2",
        name: "lb-1.example.com",
        namespace: "remote",
        start_time: 1_700_000_000.1,
        end_time: 1_700_000_000.4,
        http: { request: { url: "http://lb-1.example.com/", method: "GET" }, response: { status: 502 } },
        fault: true,
      },
    ],
  },
  {
    trace_id: shopTrace,
    id: "00000000000000b3",
    parent_id: "00000000000000b2",
    name: "shop.example.com",
    origin: "AWS::ECS::Container",
    start_time: 1_700_000_000.2,
    end_time: 1_700_000_000.3,
    aws: { account_id: "444455556666" },
    fault: true,
    links: [{ trace_id: fixtureTraceId(1), id: "0000000000000011" }],
  },
];

const shop = { name: "shop.example.com", type: "AWS::ECS::Container", accountId: "444455556666" };
const facts = {
  anomalous: [shop, { name: "backend.example.com" }],
  clientImpact: { fault: 3, ok: 7, total: 10 },
  rootCauseImpact: { fault: 3, ok: 1, total: 4 },
};

/** As the watcher leaves them: one that is over and one that goes on, or as many as a test wants. */
export function someInsights(count: number): Insight[] {
  return Array.from({ length: count }, (_, n) => ({
    id: `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`,
    groupName: "Default",
    state: n % 2 === 0 ? ("CLOSED" as const) : ("ACTIVE" as const),
    startSeconds: start + 60 * n,
    ...(n % 2 === 0 && { endSeconds: start + 60 * n + 240 }),
    // What was not touched for a month is dropped when a group is watched.
    updatedSeconds: Math.floor(Date.now() / 1000),
    rootCause: shop,
    summary: "Faults are back to what is usual. In 4 minutes 3 of 10 requests failed with a fault.",
    events: [1, 2, 3].map((at) => ({ atSeconds: start + at, summary: `Event ${at}.`, ...facts })),
    ...facts,
  }));
}

const insights = someInsights(2);
