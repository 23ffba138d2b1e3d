import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import {
  type BatchGetTracesCommandOutput,
  paginateBatchGetTraces,
  paginateGetServiceGraph,
  paginateGetTraceSummaries,
} from "@aws-sdk/client-xray";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Account, anAccount } from "./an-account.ts";
import { must } from "./must.ts";
import { run } from "./running-up.ts";

/**
 * `sam traces`. SAM CLI is large and wants its own versions of everything, so that it runs itself only where it is installed
 * (.ci/run does so); its calls, and what it reads of the answers, are looked at everywhere.
 */
let account: Account;
let range: { StartTime: Date; EndTime: Date };
beforeAll(async () => {
  account = await anAccount();
  range = {
    StartTime: new Date(Number(account.values.start) * 1000),
    EndTime: new Date(Number(account.values.end) * 1000),
  };
});
afterAll(() => account?.close());

const faulty = "1-6553f100-000000000000000000000003";

describe("on its terms", () => {
  it("finds traces by their revisions, and leaves out unfinished ones itself", async () => {
    const found: string[] = [];
    for await (const page of paginateGetTraceSummaries(
      { client: account.client },
      { ...range, TimeRangeType: "TraceId" },
    )) {
      for (const { Id, Revision, IsPartial } of must(page.TraceSummaries, "TraceSummaries")) {
        expect(must(Revision, "Revision")).toBeGreaterThanOrEqual(1);
        if (!must(IsPartial, "IsPartial")) found.push(must(Id, "Id"));
      }
    }
    expect(found).toHaveLength(8);
    expect(found).not.toContain("1-6553f100-000000000000000000000005");
  });

  it("fetches them in fives, and prints each as a tree", async () => {
    const ids = [1, 2, 3, 4, 5].map((n) => faulty.replace(/3$/, String(n)));
    const pages: BatchGetTracesCommandOutput[] = [];
    for await (const page of paginateBatchGetTraces({ client: account.client }, { TraceIds: ids })) pages.push(page);
    const traces = pages.flatMap(({ Traces }) => must(Traces, "Traces"));
    expect(traces.map(({ Id }) => Id)).toEqual(ids);
    for (const { Duration, LimitExceeded, Segments } of traces) {
      must(Duration, "Duration");
      expect(LimitExceeded).toBe(false);
      for (const { Document } of must(Segments, "Segments")) {
        const segment = JSON.parse(must(Document, "Document")) as Readonly<Record<string, unknown>>;
        must(segment.name, "name");
        must(segment.start_time, "start_time");
      }
    }
  });

  it("prints the graph with all its counts", async () => {
    for await (const page of paginateGetServiceGraph({ client: account.client }, range)) {
      for (const { ReferenceId, Name, Type, Edges, SummaryStatistics } of must(page.Services, "Services")) {
        must(ReferenceId, "ReferenceId");
        must(Name, "Name");
        for (const edge of must(Edges, "Edges")) must(edge.ReferenceId, "ReferenceId");
        if (Type !== "client") must(SummaryStatistics?.FaultStatistics?.TotalCount, "FaultStatistics");
      }
    }
  });
});

describe("itself", () => {
  const own = fileURLToPath(new URL("../../.venv-sam/bin/sam", import.meta.url));
  const program = existsSync(own) ? own : "sam";
  const sam = async (...args: string[]): Promise<string> => {
    const { code, output } = await run(program, ["traces", ...args], {
      AWS_ENDPOINT_URL_XRAY: account.endpoint,
      AWS_ACCESS_KEY_ID: "any",
      AWS_SECRET_ACCESS_KEY: "any",
      AWS_DEFAULT_REGION: "us-east-1",
      SAM_CLI_TELEMETRY: "0",
      TZ: "UTC",
    });
    expect(code).toBe(0);
    return output;
  };

  it("prints a trace as JSON, and traces and map of a range", async ({ skip }) => {
    const { code } = await run("bash", ["-c", 'command -v "$0"', program]);
    if (code !== 0 && !process.env.CI) skip("SAM CLI is not installed here; .ci/run installs it.");
    expect(JSON.parse(await sam("--trace-id", faulty, "--output", "json"))).toMatchObject({ Id: faulty, Duration: 6 });
    const printed = await sam("--start-time", "2023-11-14 22:00:00", "--end-time", "2023-11-14 23:00:00");
    expect(printed.match(/XRay Event \[revision 1\]/g)).toHaveLength(8);
    expect(printed).toContain("   - 5.800s - backend.example.com [HTTP: 500]");
    expect(printed).toContain("(Root) AWS::EC2::Instance - api.example.com");
  });
});
