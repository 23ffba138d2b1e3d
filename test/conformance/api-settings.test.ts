import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CreateGroupCommand,
  CreateSamplingRuleCommand,
  DeleteGroupCommand,
  DeleteResourcePolicyCommand,
  DeleteSamplingRuleCommand,
  GetEncryptionConfigCommand,
  GetGroupCommand,
  GetGroupsCommand,
  GetIndexingRulesCommand,
  GetSamplingRulesCommand,
  GetSamplingStatisticSummariesCommand,
  GetServiceGraphCommand,
  GetTraceSegmentDestinationCommand,
  GetTraceSummariesCommand,
  ListResourcePoliciesCommand,
  ListTagsForResourceCommand,
  PutEncryptionConfigCommand,
  PutResourcePolicyCommand,
  type SamplingRule,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateGroupCommand,
  UpdateIndexingRuleCommand,
  UpdateSamplingRuleCommand,
  UpdateTraceSegmentDestinationCommand,
  type XRayClient,
} from "@aws-sdk/client-xray";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { type AServer, aServer, putFixtures } from "./a-server.ts";

let server: AServer;
const send: XRayClient["send"] = ((command: never) => server.client.send(command)) as never;
beforeAll(async () => {
  server = await aServer({ accountId: "123456789012", region: "eu-central-1" });
  await putFixtures(server);
});
afterAll(() => server?.close());

const fails = (name: string, message: RegExp): object =>
  expect.objectContaining({ name, message: expect.stringMatching(message) });
const range = { StartTime: new Date("2020-01-01"), EndTime: new Date("2030-01-01") };

describe("groups", () => {
  it("there is Default before anybody makes one, and it stays", async () => {
    const { Groups } = await send(new GetGroupsCommand({}));
    expect(Groups).toEqual([
      {
        GroupName: "Default",
        GroupARN: "arn:aws:xray:eu-central-1:123456789012:group/Default",
        InsightsConfiguration: { InsightsEnabled: false, NotificationsEnabled: false },
      },
    ]);
    await expect(send(new DeleteGroupCommand({ GroupName: "Default" }))).rejects.toEqual(
      fails("InvalidRequestException", /cannot be deleted/),
    );
    await expect(send(new UpdateGroupCommand({ GroupName: "Default", FilterExpression: "fault" }))).rejects.toEqual(
      fails("InvalidRequestException", /Default/),
    );
    const insights = { InsightsEnabled: true };
    const { Group } = await send(new UpdateGroupCommand({ GroupName: "Default", InsightsConfiguration: insights }));
    expect(Group?.InsightsConfiguration).toEqual({ InsightsEnabled: true, NotificationsEnabled: false });
  });

  it("one is made, read by name and ARN, changed and deleted", async () => {
    const made = await send(
      new CreateGroupCommand({
        GroupName: "slow",
        FilterExpression: "responsetime > 3",
        Tags: [{ Key: "a", Value: "" }],
      }),
    );
    const arn = made.Group!.GroupARN!;
    expect(arn).toMatch(/^arn:aws:xray:eu-central-1:123456789012:group\/slow\/[0-9A-Z]{20,}$/);
    expect((await send(new GetGroupCommand({ GroupARN: arn }))).Group).toEqual(made.Group);
    expect((await send(new ListTagsForResourceCommand({ ResourceARN: arn }))).Tags).toEqual([{ Key: "a", Value: "" }]);
    const insights = { InsightsEnabled: true, NotificationsEnabled: true };
    const { Group } = await send(new UpdateGroupCommand({ GroupName: "slow", InsightsConfiguration: insights }));
    expect(Group).toEqual({ ...made.Group, InsightsConfiguration: insights });
    await send(new DeleteGroupCommand({ GroupARN: arn }));
    await expect(send(new GetGroupCommand({ GroupName: "slow" }))).rejects.toEqual(
      fails("InvalidRequestException", /Group not found/),
    );
    await expect(send(new ListTagsForResourceCommand({ ResourceARN: arn }))).rejects.toEqual(
      expect.objectContaining({ name: "ResourceNotFoundException", ResourceName: arn }),
    );
  });

  it("narrows graph, list and other groups down, and is evaluated as it is now", async () => {
    await send(new CreateGroupCommand({ GroupName: "failing", FilterExpression: "fault" }));
    await send(
      new CreateGroupCommand({ GroupName: "both", FilterExpression: 'group.name = "failing" OR http.status = 429' }),
    );
    const list = async (FilterExpression: string): Promise<number> =>
      (await send(new GetTraceSummariesCommand({ ...range, FilterExpression }))).TraceSummaries!.length;
    expect(await list('group.name = "failing"')).toBe(1);
    expect(await list('group.name = "both"')).toBe(2);
    const names = async (GroupName: string): Promise<unknown[]> =>
      (await send(new GetServiceGraphCommand({ ...range, GroupName }))).Services!.map(({ Name }) => Name);
    const failing = await names("failing");
    expect(new Set(failing)).toEqual(new Set(["api.example.com", "backend.example.com", "scores"]));
    await send(new UpdateGroupCommand({ GroupName: "failing", FilterExpression: "partial" }));
    expect(new Set(await names("failing"))).toEqual(new Set(["worker.example.com"]));
    await expect(send(new GetServiceGraphCommand({ ...range, GroupName: "none" }))).rejects.toEqual(
      fails("InvalidRequestException", /Group not found/),
    );
  });

  it("that could not be used is refused, with the reason", async () => {
    const refusal = (members: object) => expect(send(new CreateGroupCommand({ GroupName: "x", ...members }))).rejects;
    await refusal({ GroupName: "failing" }).toEqual(fails("InvalidRequestException", /already/));
    await refusal({ FilterExpression: "bogus = 1" }).toEqual(fails("InvalidRequestException", /bogus/));
    await refusal({ FilterExpression: 'group.name = "x"' }).toEqual(fails("InvalidRequestException", /made of itself/));
    await refusal({ InsightsConfiguration: { NotificationsEnabled: true } }).toEqual(
      fails("InvalidRequestException", /needs InsightsEnabled/),
    );
    await refusal({ GroupName: "x".repeat(33) }).toEqual(fails("InvalidRequestException", /at most 32/));
    await expect(send(new DeleteGroupCommand({ GroupName: "failing" }))).rejects.toEqual(
      fails("InvalidRequestException", /no group "failing"/),
    );
    await expect(send(new GetGroupCommand({}))).rejects.toEqual(fails("InvalidRequestException", /Group not found/));
  });

  it("more than 25 are refused when limits are strict, and only then", async () => {
    const strict = await aServer({ strictLimits: "true" });
    try {
      for (let n = 1; n <= 25; n += 1) await strict.client.send(new CreateGroupCommand({ GroupName: `g${n}` }));
      await expect(strict.client.send(new CreateGroupCommand({ GroupName: "g26" }))).rejects.toEqual(
        fails("InvalidRequestException", /25 groups/),
      );
      expect((await strict.client.send(new GetGroupsCommand({}))).Groups).toHaveLength(26);
    } finally {
      await strict.close();
    }
  });
});

const rule: SamplingRule = {
  RuleName: "checkout",
  ResourceARN: "*",
  Priority: 10,
  FixedRate: 0.5,
  ReservoirSize: 7,
  ServiceName: "checkout*",
  ServiceType: "*",
  Host: "*",
  HTTPMethod: "POST",
  URLPath: "/pay*",
  Version: 1,
};

describe("sampling rules", () => {
  it("one is made, changed and deleted; samplers hear of each change", async () => {
    const report = { RuleName: "Default", ClientID: "a".repeat(24), Timestamp: 1, RequestCount: 3, SampledCount: 2 };
    const lastModified = async (): Promise<number> =>
      Number(
        (await server.post("/SamplingTargets", { SamplingStatisticsDocuments: [report] })).body.LastRuleModification,
      );
    const before = await lastModified();
    const made = await send(
      new CreateSamplingRuleCommand({ SamplingRule: rule, Tags: [{ Key: "team", Value: "pay" }] }),
    );
    const arn = "arn:aws:xray:eu-central-1:123456789012:sampling-rule/checkout";
    expect(made.SamplingRuleRecord!.SamplingRule).toEqual({ ...rule, RuleARN: arn, Attributes: {} });
    const created = await lastModified();
    expect(created).toBeGreaterThan(before);
    const { SamplingRuleRecords } = await send(new GetSamplingRulesCommand({}));
    expect(SamplingRuleRecords!.map(({ SamplingRule }) => SamplingRule!.RuleName)).toEqual(["checkout", "Default"]);

    const boost = { MaxRate: 0.9, CooldownWindowMinutes: 5 };
    const update = { RuleARN: arn, FixedRate: 0, Attributes: { tier: "gold" }, SamplingRateBoost: boost };
    const changed = await send(new UpdateSamplingRuleCommand({ SamplingRuleUpdate: update }));
    expect(changed.SamplingRuleRecord!.SamplingRule).toMatchObject({
      FixedRate: 0,
      ReservoirSize: 7,
      Attributes: { tier: "gold" },
      SamplingRateBoost: boost,
    });
    expect(changed.SamplingRuleRecord!.CreatedAt).toEqual(made.SamplingRuleRecord!.CreatedAt);
    expect(await lastModified()).toBeGreaterThanOrEqual(created);

    const gone = await send(new DeleteSamplingRuleCommand({ RuleName: "checkout" }));
    expect(gone.SamplingRuleRecord).toEqual(changed.SamplingRuleRecord);
    expect((await send(new GetSamplingRulesCommand({}))).SamplingRuleRecords).toHaveLength(1);
    const { SamplingStatisticSummaries } = await send(new GetSamplingStatisticSummariesCommand({}));
    expect(SamplingStatisticSummaries![0]).toMatchObject({ RuleName: "Default", SampledCount: expect.any(Number) });
    expect(SamplingStatisticSummaries!.reduce((sum, { RequestCount }) => sum + RequestCount!, 0)).toBe(9);
  });

  it("of Default only rate and reservoir change, and it is never deleted", async () => {
    const update = (members: object) =>
      send(new UpdateSamplingRuleCommand({ SamplingRuleUpdate: { RuleName: "Default", ...members } }));
    expect((await update({ FixedRate: 1, ReservoirSize: 0 })).SamplingRuleRecord!.SamplingRule).toMatchObject({
      FixedRate: 1,
      ReservoirSize: 0,
      Priority: 10_000,
    });
    expect(
      (await update({ FixedRate: 0.05, ReservoirSize: 1, Host: "*", Priority: 10_000 })).SamplingRuleRecord,
    ).toBeDefined();
    await expect(update({ Host: "a" })).rejects.toEqual(
      fails("InvalidRequestException", /FixedRate and ReservoirSize/),
    );
    await expect(send(new DeleteSamplingRuleCommand({ RuleName: "Default" }))).rejects.toEqual(
      fails("InvalidRequestException", /cannot be deleted/),
    );
  });

  it.each<[object, RegExp]>([
    [{ RuleName: undefined }, /RuleName is missing/],
    [{ RuleName: "Default" }, /already/],
    [{ Priority: 10_000 }, /at most 9999/],
    [{ Priority: 0 }, /at least 1/],
    [{ FixedRate: 1.01 }, /at most 1/],
    [{ Version: 2 }, /at most 1/],
    [{ URLPath: "/".repeat(129) }, /at most 128/],
    [{ Attributes: Object.fromEntries([1, 2, 3, 4, 5, 6].map((n) => [`k${n}`, "v"])) }, /at most 5/],
    [{ Attributes: { k: "" } }, /must not be empty/],
  ])("%j is refused", async (members, message) => {
    await expect(send(new CreateSamplingRuleCommand({ SamplingRule: { ...rule, ...members } }))).rejects.toEqual(
      fails("InvalidRequestException", message),
    );
  });

  it("a rule is named by name or ARN, not by both or neither", async () => {
    for (const reference of [{}, { RuleName: "Default", RuleARN: "x" }]) {
      await expect(send(new DeleteSamplingRuleCommand(reference))).rejects.toEqual(
        fails("InvalidRequestException", /Exactly one/),
      );
    }
    await expect(send(new DeleteSamplingRuleCommand({ RuleName: "none" }))).rejects.toEqual(
      fails("InvalidRequestException", /not found/),
    );
  });

  it("more than 25 exceed the limit when limits are strict", async () => {
    const strict = await aServer({ strictLimits: "true" });
    try {
      const create = (n: number) =>
        strict.client.send(new CreateSamplingRuleCommand({ SamplingRule: { ...rule, RuleName: `r${n}` } }));
      for (let n = 1; n <= 25; n += 1) await create(n);
      await expect(create(26)).rejects.toEqual(fails("RuleLimitExceededException", /25/));
    } finally {
      await strict.close();
    }
  });
});

it("tags are added, replaced, taken off and limited", async () => {
  const { Group } = await send(new CreateGroupCommand({ GroupName: "tagged" }));
  const ResourceARN = Group!.GroupARN!;
  const tag = (Tags: { Key: string; Value: string }[]) => send(new TagResourceCommand({ ResourceARN, Tags }));
  await tag([
    { Key: "a", Value: "1" },
    { Key: "b", Value: "2" },
  ]);
  await tag([{ Key: "a", Value: "3" }]);
  await send(new UntagResourceCommand({ ResourceARN, TagKeys: ["b", "unknown"] }));
  expect((await send(new ListTagsForResourceCommand({ ResourceARN }))).Tags).toEqual([{ Key: "a", Value: "3" }]);
  await expect(tag([{ Key: "aws:x", Value: "" }])).rejects.toEqual(fails("InvalidRequestException", /aws:/));
  const many = Array.from({ length: 50 }, (_, n) => ({ Key: `k${n}`, Value: "" }));
  await expect(tag(many)).rejects.toEqual(
    expect.objectContaining({ name: "TooManyTagsException", ResourceName: ResourceARN }),
  );
  await expect(send(new TagResourceCommand({ ResourceARN: "arn:none", Tags: [] }))).rejects.toEqual(
    fails("ResourceNotFoundException", /arn:none/),
  );
});

it("resource policies are kept by revision, five at most, and must be policies", async () => {
  const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [] });
  const put = (PolicyName: string, more: object = {}) =>
    send(new PutResourcePolicyCommand({ PolicyName, PolicyDocument, ...more }));
  const first = await put("one", { PolicyRevisionId: "0" });
  expect(first.ResourcePolicy).toMatchObject({ PolicyName: "one", PolicyDocument, PolicyRevisionId: "1" });
  await expect(put("one", { PolicyRevisionId: "0" })).rejects.toEqual(
    fails("InvalidPolicyRevisionIdException", /revision 1/),
  );
  expect((await put("one", { PolicyRevisionId: "1" })).ResourcePolicy!.PolicyRevisionId).toBe("2");
  for (const name of ["two", "three", "four", "five"]) await put(name);
  await expect(put("six")).rejects.toEqual(fails("PolicyCountLimitExceededException", /5 policies/));
  await expect(put("one", { PolicyDocument: "x" })).rejects.toEqual(fails("MalformedPolicyDocumentException", /JSON/));
  await expect(put("one", { PolicyDocument: JSON.stringify({ Statement: "x".repeat(5_200) }) })).rejects.toEqual(
    fails("PolicySizeLimitExceededException", /5120/),
  );
  await expect(put("no blanks")).rejects.toEqual(fails("InvalidRequestException", /must match/));
  await send(new DeleteResourcePolicyCommand({ PolicyName: "two" }));
  const { ResourcePolicies } = await send(new ListResourcePoliciesCommand({}));
  expect(ResourcePolicies!.map(({ PolicyName }) => PolicyName)).toEqual(["one", "three", "four", "five"]);
});

it("encryption, indexing and destination are told back as they were set", async () => {
  expect((await send(new GetEncryptionConfigCommand({}))).EncryptionConfig).toEqual({ Status: "ACTIVE", Type: "NONE" });
  await send(new PutEncryptionConfigCommand({ Type: "KMS", KeyId: "alias/traces" }));
  expect((await send(new GetEncryptionConfigCommand({}))).EncryptionConfig).toEqual({
    KeyId: "arn:aws:kms:eu-central-1:123456789012:alias/traces",
    Status: "ACTIVE",
    Type: "KMS",
  });
  await expect(send(new PutEncryptionConfigCommand({ Type: "KMS" }))).rejects.toEqual(
    fails("InvalidRequestException", /KeyId/),
  );
  await expect(send(new PutEncryptionConfigCommand({ Type: "NONE", KeyId: "a" }))).rejects.toEqual(
    fails("InvalidRequestException", /KeyId/),
  );

  const Rule = { Probabilistic: { DesiredSamplingPercentage: 5 } };
  await send(new UpdateIndexingRuleCommand({ Name: "Default", Rule }));
  const { IndexingRules } = await send(new GetIndexingRulesCommand({}));
  expect(IndexingRules).toMatchObject([{ Name: "Default", Rule }]);
  await expect(send(new UpdateIndexingRuleCommand({ Name: "Other", Rule }))).rejects.toEqual(
    fails("ResourceNotFoundException", /Other/),
  );

  const destination = { Destination: "CloudWatchLogs", Status: "ACTIVE" };
  expect(await send(new UpdateTraceSegmentDestinationCommand({ Destination: "CloudWatchLogs" }))).toMatchObject(
    destination,
  );
  expect(await send(new GetTraceSegmentDestinationCommand({}))).toMatchObject(destination);
});

it("what was set up is there after a restart", async () => {
  const folder = mkdtempSync(join(tmpdir(), "fluoroscope-settings-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const dataDir = join(folder, "data");
  const open = (): Promise<AServer> => aServer({ ephemeral: "false", dataDir });
  const first = await open();
  const made = await first.client.send(new CreateGroupCommand({ GroupName: "kept", FilterExpression: "fault" }));
  await first.client.send(new CreateSamplingRuleCommand({ SamplingRule: rule }));
  await first.close();
  const second = await open();
  expect((await second.client.send(new GetGroupCommand({ GroupName: "kept" }))).Group).toEqual(made.Group);
  expect((await second.client.send(new GetSamplingRulesCommand({}))).SamplingRuleRecords).toHaveLength(2);
  await second.close();
});
