import * as xray from "@aws-sdk/client-xray";
import { afterAll, beforeAll, expect, it } from "vitest";
import { aSamplingRule } from "./an-account.ts";
import { must } from "./must.ts";
import { xrayClient } from "./read-traces.ts";
import { type RunningUp, startUp } from "./running-up.ts";

/** Terraform's provider: what it calls when a resource is created, read, changed and destroyed, in its order. */
let up: RunningUp;
let client: xray.XRayClient;
beforeAll(async () => {
  up = await startUp();
  client = xrayClient(up.http);
});
afterAll(async () => {
  client?.destroy();
  await up?.close();
});

const groupOf = async (GroupARN: string): Promise<xray.Group> =>
  must((await client.send(new xray.GetGroupCommand({ GroupARN }))).Group, "Group");
/** The words by which the provider knows that a group is gone. */
const gone = { name: "InvalidRequestException", message: expect.stringContaining("Group not found") };

async function tagsOf(ResourceARN: string): Promise<Record<string, string>> {
  const { Tags } = await client.send(new xray.ListTagsForResourceCommand({ ResourceARN }));
  return Object.fromEntries(must(Tags, "Tags").map(({ Key, Value }) => [Key, Value]));
}

it("aws_xray_group is known by its ARN, from its creation to after its end", async () => {
  const { Group } = await client.send(
    new xray.CreateGroupCommand({
      GroupName: "shop",
      FilterExpression: "responsetime > 5",
      InsightsConfiguration: { InsightsEnabled: true, NotificationsEnabled: true },
      Tags: [{ Key: "key1", Value: "value1" }],
    }),
  );
  const arn = must(Group?.GroupARN, "GroupARN");
  expect(arn).toMatch(/^arn:aws:xray:[a-z0-9-]+:\d{12}:group\/shop\/[A-Z0-9]+$/);
  expect(await groupOf(arn)).toEqual(Group);
  expect(await tagsOf(arn)).toEqual({ key1: "value1" });

  await client.send(new xray.UpdateGroupCommand({ GroupARN: arn, FilterExpression: "responsetime > 10" }));
  expect(await groupOf(arn)).toEqual({ ...Group, FilterExpression: "responsetime > 10" });
  const off = { InsightsEnabled: false, NotificationsEnabled: false };
  await client.send(new xray.UpdateGroupCommand({ GroupARN: arn, InsightsConfiguration: off }));
  expect(await groupOf(arn)).toMatchObject({ FilterExpression: "responsetime > 10", InsightsConfiguration: off });

  await client.send(new xray.UntagResourceCommand({ ResourceARN: arn, TagKeys: ["key1"] }));
  await client.send(new xray.TagResourceCommand({ ResourceARN: arn, Tags: [{ Key: "key2", Value: "" }] }));
  expect(await tagsOf(arn)).toEqual({ key2: "" });

  await client.send(new xray.DeleteGroupCommand({ GroupARN: arn }));
  await expect(groupOf(arn)).rejects.toMatchObject(gone);
  await expect(client.send(new xray.DeleteGroupCommand({ GroupARN: arn }))).rejects.toMatchObject(gone);
  // Another group of that name is another resource, without the tags of the first.
  const again = await client.send(new xray.CreateGroupCommand({ GroupName: "shop", FilterExpression: "fault" }));
  await expect(groupOf(arn)).rejects.toMatchObject(gone);
  expect(await tagsOf(again.Group!.GroupARN!)).toEqual({});
});

it("aws_xray_sampling_rule is found by its name among all rules, and all of it can be changed", async () => {
  const find = async (): Promise<xray.SamplingRule | undefined> => {
    for await (const page of xray.paginateGetSamplingRules({ client }, {})) {
      for (const { SamplingRule } of must(page.SamplingRuleRecords, "SamplingRuleRecords")) {
        if (must(SamplingRule?.RuleName, "RuleName") === "shop") return SamplingRule;
      }
    }
    return undefined;
  };
  const rule = { ...aSamplingRule("shop"), Attributes: { Hello: "World" } };
  const created = await client.send(
    new xray.CreateSamplingRuleCommand({ SamplingRule: rule, Tags: [{ Key: "key1", Value: "value1" }] }),
  );
  const arn = must(created.SamplingRuleRecord?.SamplingRule?.RuleARN, "RuleARN");
  expect(arn).toMatch(/^arn:aws:xray:[a-z0-9-]+:\d{12}:sampling-rule\/shop$/);
  expect(await find()).toEqual({ ...rule, RuleARN: arn });
  expect(await tagsOf(arn)).toEqual({ key1: "value1" });

  const { Version, ...update } = {
    ...rule,
    Priority: 9_000,
    FixedRate: 0.5,
    ReservoirSize: 4,
    Host: "h",
    Attributes: {},
  };
  await client.send(new xray.UpdateSamplingRuleCommand({ SamplingRuleUpdate: update }));
  expect(await find()).toEqual({ ...update, Version, RuleARN: arn });

  await client.send(new xray.DeleteSamplingRuleCommand({ RuleName: "shop" }));
  expect(await find()).toBeUndefined();
  await expect(tagsOf(arn)).rejects.toMatchObject({ name: "ResourceNotFoundException" });
});

it("aws_xray_resource_policy is found by its name, and goes with its revision", async () => {
  const find = async (): Promise<xray.ResourcePolicy | undefined> => {
    const found: xray.ResourcePolicy[] = [];
    for await (const page of xray.paginateListResourcePolicies({ client }, {})) {
      found.push(...must(page.ResourcePolicies, "ResourcePolicies"));
    }
    return found.find(({ PolicyName }) => PolicyName === "shop");
  };
  const PolicyDocument = JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Sid: "AllowXRayAccess", Effect: "Allow" }],
  });
  await client.send(
    new xray.PutResourcePolicyCommand({ PolicyName: "shop", PolicyDocument, BypassPolicyLockoutCheck: true }),
  );
  const first = must(await find(), "the policy");
  expect(first).toMatchObject({ PolicyDocument, PolicyRevisionId: "1", LastUpdatedTime: expect.any(Date) });
  // The provider sends back the revision that it has read.
  await client.send(
    new xray.PutResourcePolicyCommand({ PolicyName: "shop", PolicyDocument, PolicyRevisionId: first.PolicyRevisionId }),
  );
  const second = must(await find(), "the policy");
  expect(second.PolicyRevisionId).toBe("2");
  await client.send(
    new xray.DeleteResourcePolicyCommand({ PolicyName: "shop", PolicyRevisionId: second.PolicyRevisionId }),
  );
  expect(await find()).toBeUndefined();
});

it("aws_xray_encryption_config is active when it is first asked for", async () => {
  const read = async () => (await client.send(new xray.GetEncryptionConfigCommand({}))).EncryptionConfig;
  const KeyId = "arn:aws:kms:us-east-1:000000000000:key/1234abcd-12ab-34cd-56ef-1234567890ab";
  await client.send(new xray.PutEncryptionConfigCommand({ Type: "KMS", KeyId }));
  expect(await read()).toEqual({ KeyId, Status: "ACTIVE", Type: "KMS" });
  await client.send(new xray.PutEncryptionConfigCommand({ Type: "NONE" }));
  expect(await read()).toEqual({ Status: "ACTIVE", Type: "NONE" });
});

it("aws_xray_indexing_rule keeps the share that is wished for", async () => {
  const Rule = { Probabilistic: { DesiredSamplingPercentage: 66 } };
  await client.send(new xray.UpdateIndexingRuleCommand({ Name: "Default", Rule }));
  const { IndexingRules } = await client.send(new xray.GetIndexingRulesCommand({}));
  expect(IndexingRules).toMatchObject([{ Name: "Default", ModifiedAt: expect.any(Date), Rule }]);
});

it("aws_xray_trace_segment_destination is active when it is first asked for", async () => {
  await client.send(new xray.UpdateTraceSegmentDestinationCommand({ Destination: "CloudWatchLogs" }));
  const { Destination, Status } = await client.send(new xray.GetTraceSegmentDestinationCommand({}));
  expect([Destination, Status]).toEqual(["CloudWatchLogs", "ACTIVE"]);
});
