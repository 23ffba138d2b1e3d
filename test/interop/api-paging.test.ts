import { PutTraceSegmentsCommand, StartTraceRetrievalCommand } from "@aws-sdk/client-xray";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { defaultRule } from "../../src/sampling/rule.ts";
import { type Group, initialSettings, type Settings } from "../../src/settings/settings.ts";
import { aDataFolder, type DataFolder } from "./a-data-folder.ts";
import { someInsights } from "./an-account.ts";
import { type PythonEnvironment, preparePython } from "./python-environment.ts";
import { xrayClient } from "./read-traces.ts";
import { runScript } from "./run-script.ts";
import { type RunningUp, startUp } from "./running-up.ts";

/** More than fits on a page, page by page and through boto3's paginators, see clients/page_through.py. */
interface Paged {
  /** What tells the entries of an answer apart, by page. */
  readonly pages: readonly (readonly (string | number)[])[];
  /** The same as botocore pages, where it does, and as it puts the pages together. */
  readonly botocore?: Paged["pages"];
  readonly whole?: readonly (string | number)[];
  /** How tokens that were made up, or given by other operations, were refused. */
  readonly foreign?: readonly (string | null)[];
  /** How its own token was refused with another question. */
  readonly other?: string | null;
}

const few = (count: number, name: string): string[] =>
  Array.from({ length: count }, (_, n) => `${name}-${String(n).padStart(4, "0")}`);
const groupNames = few(205, "group");
const ruleNames = few(1_005, "rule");
const policyNames = few(5, "policy");
const tagKeys = few(50, "tag");
const traceIds = Array.from({ length: 250 }, (_, n) => `1-6553f100-${String(n).padStart(24, "0")}`);
const insights = someInsights(120);

const group = (name: string): Group => ({
  name,
  id: name,
  filterExpression: "",
  insightsEnabled: false,
  notificationsEnabled: false,
});
const region = "us-east-1";
const groupArn = `arn:aws:xray:${region}:000000000000:group/group-0000`;
const settings: Settings = {
  ...initialSettings,
  groups: [...initialSettings.groups, ...groupNames.map(group)],
  samplingRules: [
    ...initialSettings.samplingRules,
    ...ruleNames.map((name) => ({
      rule: { ...defaultRule, name, priority: 1_000 },
      createdSeconds: 0,
      modifiedSeconds: 0,
    })),
  ],
  resourcePolicies: policyNames.map((name) => ({ name, document: "{}", revision: "1", updatedSeconds: 1 })),
  tags: { [groupArn]: Object.fromEntries(tagKeys.map((key) => [key, ""])) },
};

const range = { StartTime: 1_699_999_000, EndTime: 1_700_100_000 };
const insightId = insights[0]!.id;
const inputs = {
  BatchGetTraces: { TraceIds: traceIds.slice(0, 5) },
  GetTraceSummaries: range,
  GetServiceGraph: range,
  GetTimeSeriesServiceStatistics: range,
  GetTraceGraph: { TraceIds: traceIds.slice(0, 5) },
  GetInsightSummaries: { ...range, GroupName: "Default", MaxResults: 50 },
  GetInsightEvents: { InsightId: insightId, MaxResults: 2 },
  ListTagsForResource: { ResourceARN: groupArn },
};
const others = {
  GetTraceSummaries: { FilterExpression: "fault" },
  GetInsightSummaries: { MaxResults: 49 },
  GetInsightEvents: { InsightId: insights[1]!.id },
  ListRetrievedTraces: { TraceFormat: "OTEL" },
};

/** What is to come, in its order; the sizes of the pages. */
const expected: Readonly<Record<string, { readonly all: readonly (string | number)[]; readonly sizes: number[] }>> = {
  BatchGetTraces: { all: traceIds.slice(0, 5), sizes: [5] },
  GetGroups: { all: ["Default", ...groupNames], sizes: [100, 100, 6] },
  GetInsightEvents: { all: ["Event 3.", "Event 2.", "Event 1."], sizes: [2, 1] },
  GetInsightSummaries: { all: insights.map(({ id }) => id).reverse(), sizes: [50, 50, 20] },
  GetRetrievedTracesGraph: { all: ["paged client", "paged "], sizes: [2] },
  GetSamplingRules: { all: [...ruleNames, "Default"], sizes: [1_000, 6] },
  GetSamplingStatisticSummaries: { all: ruleNames, sizes: [1_000, 5] },
  GetServiceGraph: { all: ["paged client", "paged "], sizes: [2] },
  GetTimeSeriesServiceStatistics: { all: [250], sizes: [1] },
  GetTraceGraph: { all: ["paged client", "paged "], sizes: [2] },
  GetTraceSummaries: { all: [...traceIds].reverse(), sizes: [100, 100, 50] },
  ListResourcePolicies: { all: policyNames, sizes: [5] },
  ListRetrievedTraces: { all: traceIds.slice(0, 12), sizes: [5, 5, 2] },
  ListTagsForResource: { all: tagKeys, sizes: [50] },
};

let environment: PythonEnvironment;
let folder: DataFolder;
let up: RunningUp;
let report: Readonly<Record<string, Paged>>;
let unknown: readonly string[];

beforeAll(async () => {
  environment = await preparePython();
  if (!("python" in environment)) return;
  folder = aDataFolder({ "settings.json": settings, "insights.json": { insights, watchedMinutes: {} } });
  up = await startUp({}, ["--data-dir", folder.path, "--region", region, "--retention", "36500d"]);
  const RetrievalToken = await fill();
  ({ report, unknown } = await runScript<{ report: typeof report; unknown: typeof unknown }>(
    environment.python,
    "page_through.py",
    {
      endpoint: up.http,
      inputs: { ...inputs, ListRetrievedTraces: { RetrievalToken }, GetRetrievedTracesGraph: { RetrievalToken } },
      others,
    },
  ));
}, 240_000);
beforeEach(({ skip }) => {
  if ("reason" in environment) skip(environment.reason);
});
afterAll(async () => {
  await up?.close();
  folder?.remove();
});

async function fill(): Promise<string> {
  const client = xrayClient(up.http);
  const documents = traceIds.map((trace_id, n) => {
    // A second apart would be newest first as well; the same second leaves the order to the ids.
    const start_time = 1_700_000_000 + n / 10;
    const id = String(n).padStart(16, "0");
    return JSON.stringify({ trace_id, id, name: "paged", start_time, end_time: start_time + 0.01 });
  });
  await client.send(new PutTraceSegmentsCommand({ TraceSegmentDocuments: documents }));
  const { RetrievalToken } = await client.send(
    new StartTraceRetrievalCommand({
      TraceIds: traceIds.slice(0, 12),
      StartTime: new Date(range.StartTime * 1000),
      EndTime: new Date(range.EndTime * 1000),
    }),
  );
  client.destroy();
  const reports = ruleNames.map((RuleName) => ({
    RuleName,
    ClientID: "0123456789abcdef01234567",
    Timestamp: 1_700_000_000,
    RequestCount: 1,
    SampledCount: 1,
  }));
  const body = JSON.stringify({ SamplingStatisticsDocuments: reports });
  await fetch(`${up.http}/SamplingTargets`, { method: "POST", body });
  return RetrievalToken!;
}

it("botocore pages through nothing that is not looked at here", () => {
  expect(unknown).toEqual([]);
  expect(Object.keys(report).sort()).toEqual(Object.keys(expected).sort());
  expect(Object.values(report).filter(({ botocore }) => botocore !== undefined).length).toBeGreaterThan(9);
});

it.each(Object.entries(expected))("%s: the pages are the whole, each entry once", (name, { all, sizes }) => {
  const { pages, botocore = pages, whole = all } = report[name]!;
  expect(pages.map(({ length }) => length)).toEqual(sizes);
  expect(pages.flat()).toEqual(all);
  expect(botocore).toEqual(pages);
  expect(whole).toEqual(all);
});

it.each(Object.keys(expected).filter((name) => name !== "BatchGetTraces"))(
  "%s: tokens that were not given for this question are refused",
  (name) => {
    const { foreign, other } = report[name]!;
    expect(foreign!.length).toBeGreaterThan(5);
    for (const refusal of foreign!) expect(refusal).toMatch(/^InvalidRequestException: NextToken /);
    if (name in others) expect(other).toMatch(/^InvalidRequestException: NextToken belongs to another question/);
  },
);
