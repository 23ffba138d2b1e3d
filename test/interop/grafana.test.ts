import {
  BatchGetTracesCommand,
  type ErrorRootCause,
  type ErrorRootCauseEntity,
  type FaultRootCause,
  type FaultRootCauseEntity,
  GetInsightSummariesCommand,
  GetTraceGraphCommand,
  type Insight,
  type InsightSummary,
  paginateGetGroups,
  paginateGetServiceGraph,
  paginateGetTimeSeriesServiceStatistics,
  paginateGetTraceSummaries,
  type ResponseTimeRootCause,
  type Service,
  type TimeSeriesServiceStatistics,
  type TraceSummary,
} from "@aws-sdk/client-xray";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Account, anAccount } from "./an-account.ts";
import { must } from "./must.ts";

/** Grafana's X-Ray data source: its calls with its inputs, and what it reads of the answers, where a missing member ends it. */
let account: Account;
let range: { StartTime: Date; EndTime: Date };
beforeAll(async () => {
  account = await anAccount();
  const { start, end } = account.values;
  range = { StartTime: new Date(Number(start) * 1000), EndTime: new Date(Number(end) * 1000) };
});
afterAll(() => account?.close());

async function groupNames(): Promise<string[]> {
  const names: string[] = [];
  for await (const { Groups } of paginateGetGroups({ client: account.client }, {})) {
    for (const { GroupName, GroupARN, InsightsConfiguration } of must(Groups, "Groups")) {
      names.push(must(GroupName, "GroupName"));
      must(GroupARN, "GroupARN");
      must(InsightsConfiguration?.InsightsEnabled, "InsightsEnabled");
    }
  }
  return names;
}

async function serviceMap(GroupName = "Default"): Promise<Service[]> {
  const services: Service[] = [];
  for await (const page of paginateGetServiceGraph({ client: account.client }, { ...range, GroupName })) {
    services.push(...must(page.Services, "Services"));
  }
  return services;
}

it("is healthy: the groups can be listed, Default among them", async () => {
  expect(await groupNames()).toEqual(["Default", "walked"]);
});

it("the list of traces has a row for each, with what is known of its request", async () => {
  const rows: string[] = [];
  const input = { ...range, FilterExpression: 'service(id(name: "api.example.com", type: "AWS::EC2::Instance"))' };
  for await (const { TraceSummaries } of paginateGetTraceSummaries({ client: account.client }, input)) {
    for (const { Id, StartTime, Duration, Http, Annotations } of must(TraceSummaries, "TraceSummaries")) {
      const { HttpMethod, HttpStatus, HttpURL, ClientIp } = must(Http, "Http");
      must(StartTime, "StartTime").toISOString();
      const annotations = Object.values(must(Annotations, "Annotations")).flat().length;
      const request = [HttpMethod, HttpURL, HttpStatus, ClientIp].map((each) => each ?? "-").join(" ");
      rows.push(`${must(Id, "Id").slice(-1)}: ${request} ${must(Duration, "Duration")} ${annotations}`);
    }
  }
  expect(rows.sort()).toEqual([
    "1: GET http://api.example.com/v2/items 200 10.0.0.1 1.2 3",
    "2: POST http://api.example.com/v1/items 200 10.0.0.2 2.5 1",
    "3: GET http://api.example.com/v2/games/7 500 10.0.0.1 6 0",
    "8: GET http://api.example.com/v2/names 200 10.0.0.9 0.9 0",
  ]);
});

describe("analytics", () => {
  let traces: TraceSummary[];
  /** Four quarters at once, each through its pages, as Grafana shares the work. */
  beforeAll(async () => {
    const quarter = (range.EndTime.getTime() - range.StartTime.getTime()) / 4;
    const at = (part: number): Date => new Date(range.StartTime.getTime() + quarter * part);
    const quarters = [0, 1, 2, 3].map(async (part) => {
      const found: TraceSummary[] = [];
      const input = {
        StartTime: at(part),
        EndTime: at(part + 1),
        TimeRangeType: "Event" as const,
        Sampling: true,
        SamplingStrategy: { Name: "FixedRate" as const, Value: 1 },
      };
      for await (const page of paginateGetTraceSummaries({ client: account.client }, input)) {
        found.push(...must(page.TraceSummaries, "TraceSummaries"));
      }
      return found;
    });
    traces = (await Promise.all(quarters)).flat();
  });

  type Cause = ErrorRootCause | FaultRootCause | ResponseTimeRootCause;
  const named = (service: { Name?: string | undefined; Type?: string | undefined }): string =>
    `${must(service.Name, "Name")} (${must(service.Type, "Type")})`;
  const services = (cause: Cause) => must(cause.Services, "Services");

  function counted(keysOf: (trace: TraceSummary) => readonly string[]): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const trace of traces) {
      const keys = keysOf(trace);
      for (const key of keys.length > 0 ? keys : ["-"]) counts[key] = (counts[key] ?? 0) + 1;
    }
    return counts;
  }

  const lastServices = (causes: readonly Cause[] | undefined): string[] =>
    must(causes, "root causes").map((cause) => named(must(services(cause).at(-1), "a service")));

  it("all traces of the quarters are there, the one in progress too", () => {
    expect(traces).toHaveLength(9);
    expect(new Set(traces.map(({ Id }) => Id)).size).toBe(9);
  });

  it("root causes of faults, by service", () => {
    expect(counted(({ FaultRootCauses }) => lastServices(FaultRootCauses))).toEqual({
      "-": 6,
      "scores (AWS::DynamoDB::Table)": 1,
      "uinames.com (remote)": 1,
      "shop.example.com (AWS::ECS::Container)": 1,
    });
  });

  it("root causes of errors, by service", () => {
    expect(counted(({ ErrorRootCauses }) => lastServices(ErrorRootCauses))).toEqual({
      "-": 6,
      "backend.example.com ()": 1,
      "checkout.example.com ()": 1,
      "random-name (AWS::Lambda::Function)": 1,
    });
  });

  it("root causes of response times, by path", () => {
    const paths = counted(({ ResponseTimeRootCauses }) =>
      must(ResponseTimeRootCauses, "ResponseTimeRootCauses").map((cause) =>
        services(cause)
          .map((service) =>
            [
              named(service),
              ...must(service.EntityPath, "EntityPath")
                .slice(1)
                .map(({ Name }) => must(Name, "Name")),
            ].join(" -> "),
          )
          .join(" => "),
      ),
    );
    expect(paths).toMatchObject({
      "api.example.com (AWS::EC2::Instance) -> backend.example.com => backend.example.com () -> DynamoDB => scores (AWS::DynamoDB::Table)": 2,
      "api.example.com (AWS::EC2::Instance) -> uinames.com => uinames.com (remote)": 1,
    });
  });

  it("messages of exceptions: each has a name and a text", () => {
    const messages = counted(({ FaultRootCauses = [], ErrorRootCauses = [] }) =>
      [...FaultRootCauses, ...ErrorRootCauses].flatMap((cause: ErrorRootCause | FaultRootCause) =>
        must(cause.Services, "Services").flatMap(({ EntityPath }) => {
          const entities: readonly (ErrorRootCauseEntity | FaultRootCauseEntity)[] = must(EntityPath, "EntityPath");
          expect(entities.length).toBeGreaterThan(0);
          return entities.flatMap(({ Exceptions = [] }) =>
            Exceptions.map(({ Name, Message }) => `${must(Name, "Name")}: ${must(Message, "Message")}`),
          );
        }),
      ),
    );
    expect(Object.keys(messages).filter((message) => message.includes("Access Denied"))).toHaveLength(1);
  });

  it("URLs, users and status codes", () => {
    expect(
      counted(({ Http }) => (must(Http, "Http").HttpStatus === undefined ? [] : [String(Http!.HttpStatus)])),
    ).toEqual({
      "-": 2,
      "200": 4,
      "202": 1,
      "429": 1,
      "500": 1,
    });
    expect(counted(({ Users }) => must(Users, "Users").map(({ UserName }) => must(UserName, "UserName")))).toEqual({
      "-": 6,
      alice: 2,
      bob: 1,
    });
    expect(Object.keys(counted(({ Http }) => (Http?.HttpURL ? [Http.HttpURL] : []))).length).toBeGreaterThan(5);
  });
});

describe("time series", () => {
  async function rows(input: object): Promise<TimeSeriesServiceStatistics[]> {
    const all: TimeSeriesServiceStatistics[] = [];
    for await (const page of paginateGetTimeSeriesServiceStatistics(
      { client: account.client },
      { ...range, ...input },
    )) {
      all.push(...must(page.TimeSeriesServiceStatistics, "TimeSeriesServiceStatistics"));
    }
    return all;
  }

  it("counts what comes in before it samples, of all and of a group", async () => {
    for (const GroupName of [undefined, "walked"]) {
      const counted = await rows({ Period: 60, GroupName });
      const total = counted.reduce(
        (sum, { EdgeSummaryStatistics }) => sum + must(EdgeSummaryStatistics?.TotalCount, "TotalCount"),
        0,
      );
      expect(total).toBe(8);
    }
  });

  it.each([
    ['edge("api.example.com", "backend.example.com")', "EdgeSummaryStatistics", [1, 0, 1, 1, 1, 3]],
    ['service("api.example.com")', "ServiceSummaryStatistics", [0, 0, 0, 1, 3, 4]],
    ['id(name: "checkout.example.com")', "ServiceSummaryStatistics", [1, 1, 1, 0, 0, 1]],
  ] as const)("draws %s", async (EntitySelectorExpression, name, [, throttles, errors, faults, oks, total]) => {
    const drawn = await rows({ Period: 300, EntitySelectorExpression });
    expect(drawn).toHaveLength(1);
    const { Timestamp, [name]: statistics } = drawn[0]!;
    const { ErrorStatistics, FaultStatistics, OkCount, TotalCount, TotalResponseTime } = must(statistics, name);
    expect(must(Timestamp, "Timestamp").getTime() % 300_000).toBe(0);
    expect([
      ErrorStatistics?.ThrottleCount,
      ErrorStatistics?.TotalCount,
      FaultStatistics?.TotalCount,
      OkCount,
      TotalCount,
    ]).toEqual([throttles, errors, faults, oks, total]);
    expect(must(TotalResponseTime, "TotalResponseTime")).toBeGreaterThan(0);
  });
});

describe("one trace", () => {
  const id = "1-6553f100-000000000000000000000006";

  it("its documents nest, and have what the timeline draws", async () => {
    const { Traces } = await account.client.send(new BatchGetTracesCommand({ TraceIds: [id] }));
    const { Segments, Duration, Id } = must(Traces?.[0], "Traces[0]");
    expect([Id, Duration]).toEqual([id, 0.8]);
    const documents = must(Segments, "Segments").map(({ Document }) => JSON.parse(must(Document, "Document")) as Drawn);
    const drawn = documents.flatMap(function all(document): Drawn[] {
      return [document, ...(document.subsegments ?? []).flatMap(all)];
    });
    for (const { id: own, name, start_time, end_time, in_progress } of drawn) {
      must(own, "id");
      must(name, "name");
      must(start_time, "start_time");
      must(end_time ?? in_progress, `end_time or in_progress of ${name}`);
    }
    for (const document of documents) expect(document.trace_id).toBe(id);
    expect(drawn.some(({ sql }) => sql?.sanitized_query !== undefined || sql?.url !== undefined)).toBe(true);
    expect(drawn.flatMap(({ cause }) => cause?.exceptions ?? []).map(({ message }) => message)).toContain(
      "Access Denied for account_id: 1234567890",
    );
  });

  it("its graph has the edges and figures of the map", async () => {
    const { Services } = await account.client.send(new GetTraceGraphCommand({ TraceIds: [id] }));
    checkMap(must(Services, "Services"));
    expect(Services!.map(({ Type }) => Type).sort()).toEqual([
      "AWS::Lambda",
      "AWS::Lambda::Function",
      "Database::SQL",
      "client",
    ]);
  });

  interface Drawn {
    readonly id?: string;
    readonly name?: string;
    readonly trace_id?: string;
    readonly start_time?: number;
    readonly end_time?: number;
    readonly in_progress?: boolean;
    readonly sql?: { readonly sanitized_query?: string; readonly url?: string };
    readonly cause?: { readonly exceptions?: readonly { readonly message?: string }[] };
    readonly subsegments?: readonly Drawn[];
  }
});

/** Everything that the map of services dereferences, of client nodes, remote nodes and unfinished ones as well. */
function checkMap(services: readonly Service[]): void {
  const ids = new Set(services.map(({ ReferenceId }) => must(ReferenceId, "ReferenceId")));
  for (const service of services) {
    const { Name = "", Edges, SummaryStatistics, StartTime, EndTime, Type } = service;
    const edges = must(Edges, `Edges of ${Name}`);
    const statistics =
      Type === "client"
        ? must(edges[0], `an edge of ${Name}`).SummaryStatistics
        : must(SummaryStatistics, `statistics of ${Name}`);
    const { OkCount, TotalCount, TotalResponseTime, ErrorStatistics, FaultStatistics } = must(
      statistics,
      "SummaryStatistics",
    );
    const counts = [
      OkCount,
      TotalCount,
      ErrorStatistics?.TotalCount,
      ErrorStatistics?.ThrottleCount,
      FaultStatistics?.TotalCount,
    ];
    for (const count of counts) expect(must(count, `a count of ${Name}`)).toBeGreaterThanOrEqual(0);
    must(TotalResponseTime, `TotalResponseTime of ${Name}`);
    must(Type === "client" ? edges[0]?.ResponseTimeHistogram : service.ResponseTimeHistogram, `histogram of ${Name}`);
    expect(must(EndTime, "EndTime").getTime()).toBeGreaterThanOrEqual(must(StartTime, "StartTime").getTime());
    for (const edge of edges) {
      expect(ids).toContain(must(edge.ReferenceId, "ReferenceId"));
      must(edge.SummaryStatistics?.TotalCount, "TotalCount");
      must(edge.ResponseTimeHistogram, "ResponseTimeHistogram");
    }
  }
}

describe("the map", () => {
  it.each(["Default", "walked"])("of the group %s is whole", async (group) => {
    const services = await serviceMap(group);
    checkMap(services);
    expect(services.filter(({ Type }) => Type === "client").map(({ Name }) => Name)).toContain("worker.example.com");
    expect(services.filter(({ Type }) => Type === "remote").map(({ Name }) => Name)).toEqual(["uinames.com"]);
  });

  it("knows the accounts that can be chosen", async () => {
    const accounts = new Set((await serviceMap()).flatMap(({ AccountId }) => AccountId ?? []));
    expect([...accounts].sort()).toEqual(["111122223333", "123456789012", "444455556666"]);
  });

  it("links to the traces of every node and edge, whole and by how they ended", async () => {
    const services = await serviceMap();
    const names = new Map(services.map(({ ReferenceId, Name }) => [ReferenceId, Name]));
    // A client node stands for whoever calls: nothing of its own is recorded.
    const recorded = services.filter(({ Type }) => Type !== "client");
    const nodes = recorded.map(({ Name, Type }) =>
      Type === undefined ? `service(id(name: "${Name}"))` : `service(id(name: "${Name}", type: "${Type}"))`,
    );
    const edges = services.flatMap(({ Name, Edges = [] }) =>
      Edges.map(({ ReferenceId }) => `edge("${Name}", "${names.get(ReferenceId)}")`),
    );
    for (const place of [...nodes, ...edges]) {
      let found = 0;
      for (const ended of ["", " { ok = true }", " { error = true }", " { fault = true }", " { throttle = true }"]) {
        const input = { ...range, FilterExpression: `${place}${ended}` };
        for await (const { TraceSummaries } of paginateGetTraceSummaries({ client: account.client }, input)) {
          found += must(TraceSummaries, "TraceSummaries").length;
        }
      }
      expect(found, place).toBeGreaterThan(0);
    }
  });
});

it("insights: of all groups, in any state, with a description after the first sentence", async () => {
  const rows: string[] = [];
  for (const GroupName of await groupNames()) {
    for (const States of [undefined, ["ACTIVE"], ["CLOSED"]] as const) {
      const { InsightSummaries } = await account.client.send(
        new GetInsightSummariesCommand({ ...range, GroupName, States: States && [...States] }),
      );
      for (const insight of must(InsightSummaries, "InsightSummaries")) rows.push(insightRow(insight));
    }
  }
  const closed = "0: CLOSED shop.example.com (AWS::ECS::Container) In 4 minutes 3 of 10 requests failed with a fault";
  const active = "1: ACTIVE shop.example.com (AWS::ECS::Container)";
  expect(rows).toEqual([active, closed, active, closed]);
});

function insightRow(insight: InsightSummary | Insight): string {
  const cause = must(insight.RootCauseServiceId, "RootCauseServiceId");
  const anomalous = must(insight.TopAnomalousServices?.[0]?.ServiceId, "TopAnomalousServices[0].ServiceId");
  must(anomalous.Name, "Name");
  must(insight.StartTime, "StartTime");
  must(insight.GroupName, "GroupName");
  expect(insight.Categories).toEqual(["FAULT"]);
  const about =
    insight.EndTime === undefined ? "" : ` ${must(insight.Summary?.split(".")[1], "a second sentence").trim()}`;
  return `${must(insight.InsightId, "InsightId").slice(-1)}: ${insight.State} ${cause.Name} (${must(cause.Type, "Type")})${about}`;
}
