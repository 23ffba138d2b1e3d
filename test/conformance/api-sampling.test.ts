import { GetSamplingRulesCommand, GetSamplingTargetsCommand, InvalidRequestException } from "@aws-sdk/client-xray";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type AServer, aServer } from "./a-server.ts";

let server: AServer;
beforeAll(async () => {
  server = await aServer({ accountId: "123456789012", region: "eu-central-1" });
});
afterAll(() => server?.close());

const aReport = (members: object = {}): object => ({
  RuleName: "Default",
  ClientID: "a597d6a792c1fbf9af0be858",
  RequestCount: 19,
  BorrowCount: 10,
  SampledCount: 0,
  Timestamp: 1_795_503_946,
  ...members,
});

it("the default rule has every member that an SDK insists on", async () => {
  const { body } = await server.post("/GetSamplingRules", '{"NextToken": null}');
  expect(body).toEqual({
    SamplingRuleRecords: [
      {
        SamplingRule: {
          RuleName: "Default",
          RuleARN: "arn:aws:xray:eu-central-1:123456789012:sampling-rule/Default",
          ResourceARN: "*",
          Priority: 10_000,
          FixedRate: 0.05,
          ReservoirSize: 1,
          ServiceName: "*",
          ServiceType: "*",
          Host: "*",
          HTTPMethod: "*",
          URLPath: "*",
          Version: 1,
          Attributes: {},
        },
        CreatedAt: 0,
        ModifiedAt: 0,
      },
    ],
  });
  const { SamplingRuleRecords } = await server.client.send(new GetSamplingRulesCommand({}));
  expect(SamplingRuleRecords![0]!.SamplingRule!.RuleName).toBe("Default");
});

it("AWS's client reports and is given its share for five minutes", async () => {
  const answer = await server.client.send(
    new GetSamplingTargetsCommand({ SamplingStatisticsDocuments: [aReport({ Timestamp: new Date() }) as never] }),
  );
  expect(answer.SamplingTargetDocuments).toMatchObject([
    { RuleName: "Default", FixedRate: 0.05, ReservoirQuota: 1, Interval: 10 },
  ]);
  const ttlMs = answer.SamplingTargetDocuments![0]!.ReservoirQuotaTTL!.getTime() - Date.now();
  expect(ttlMs).toBeGreaterThan(290_000);
  expect(ttlMs).toBeLessThan(310_000);
  expect(answer.UnprocessedStatistics).toEqual([]);
});

it("the end of the share is in seconds for clients that say who they are, and in milliseconds for the one that does not", async () => {
  const ask = async (userAgent: string): Promise<number> => {
    // Written by hand: every HTTP client here names itself.
    const { hostname, port } = new URL(server.addresses.http);
    const { request } = await import("node:http");
    const body = JSON.stringify({ SamplingStatisticsDocuments: [aReport()] });
    return new Promise((resolve, reject) => {
      const headers = userAgent === "" ? {} : { "user-agent": userAgent };
      const sent = request({ hostname, port, method: "POST", path: "/SamplingTargets", headers }, async (answer) => {
        let text = "";
        for await (const chunk of answer) text += chunk;
        const parsed = JSON.parse(text);
        expect(typeof parsed.LastRuleModification).toBe("number");
        resolve(parsed.SamplingTargetDocuments[0].ReservoirQuotaTTL);
      });
      sent.once("error", reject);
      sent.end(body);
    });
  };
  const isAhead = (ms: number): boolean => ms > Date.now() && ms < Date.now() + 600_000;
  expect(await ask("Botocore/1.43")).toSatisfy((seconds: number) => isAhead(seconds * 1000));
  expect(await ask("")).toSatisfy(isAhead);
});

it("reports of unknown rules come back with a code that makes clients fetch the rules again", async () => {
  const { status, body } = await server.post("/SamplingTargets", {
    SamplingStatisticsDocuments: [aReport({ RuleName: "gone" }), aReport()],
  });
  expect(status).toBe(200);
  expect(body.UnprocessedStatistics).toMatchObject([{ RuleName: "gone", ErrorCode: expect.stringMatching(/^4/) }]);
  expect((body.SamplingTargetDocuments as object[]).length).toBe(1);
});

it("boosts are answered to those who report them: older clients take no member that they do not know", async () => {
  const answerTo = async (more: object): Promise<object> =>
    (await server.post("/SamplingTargets", { SamplingStatisticsDocuments: [aReport()], ...more })).body;
  const members = ["SamplingTargetDocuments", "LastRuleModification", "UnprocessedStatistics"];
  expect(Object.keys(await answerTo({}))).toEqual(members);
  const boost = { ServiceName: "shop", Timestamp: Date.now() / 1000, AnomalyCount: 1, TotalCount: 2 };
  const boosts = [{ ...boost, RuleName: "gone", SampledAnomalyCount: 1 }];
  expect(await answerTo({ SamplingBoostStatisticsDocuments: boosts })).toMatchObject({
    UnprocessedBoostStatistics: [{ RuleName: "gone" }],
  });
});

it("C-117: more than 25 reports in one call are taken", async () => {
  const reports = Array.from({ length: 30 }, (_, n) => aReport({ RuleName: `rule-${n}` }));
  const { status } = await server.post("/SamplingTargets", { SamplingStatisticsDocuments: reports });
  expect(status).toBe(200);
});

it("a report in which something is missing is refused by name", async () => {
  const report = aReport({ RequestCount: undefined });
  const { body } = await server.post("/SamplingTargets", { SamplingStatisticsDocuments: [report] });
  expect(body.Message).toBe("SamplingStatisticsDocuments[0].RequestCount is missing: it must be a whole number.");
  const refused = server.client.send(new GetSamplingTargetsCommand({ SamplingStatisticsDocuments: [{}] as never }));
  await expect(refused).rejects.toBeInstanceOf(InvalidRequestException);
});
