import { dirname } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { type Account, anAccount } from "./an-account.ts";
import { type PythonEnvironment, preparePython } from "./python-environment.ts";
import { run } from "./running-up.ts";

/** The AWS CLI's walk-throughs for X-Ray, typed into a shell as they stand in its documentation, one after the other. */
let environment: PythonEnvironment;
let account: Account;

beforeAll(async () => {
  environment = await preparePython();
  if ("python" in environment) account = await anAccount();
}, 240_000);
beforeEach(({ skip }) => {
  if ("reason" in environment) skip(environment.reason);
});
afterAll(() => account?.close());

/** What a command line prints; `aws` is the one that was installed. */
async function shell(line: string): Promise<{ code: number; output: string }> {
  if (!("python" in environment)) throw new Error(environment.reason);
  return run("bash", ["-c", `${line} 2>&1`], {
    PATH: `${dirname(environment.python)}:${process.env.PATH}`,
    AWS_ENDPOINT_URL_XRAY: account.endpoint,
    AWS_ACCESS_KEY_ID: "any",
    AWS_SECRET_ACCESS_KEY: "any",
    AWS_DEFAULT_REGION: "us-east-1",
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_CONFIG_FILE: "/nonexistent",
    AWS_SHARED_CREDENTIALS_FILE: "/nonexistent",
  });
}

async function answer(line: string): Promise<unknown> {
  const { code, output } = await shell(line);
  if (code !== 0) throw new Error(`${line}\nended with ${code}:\n${output}`);
  return output.trim() === "" ? undefined : JSON.parse(output);
}

const rule = JSON.stringify({
  SamplingRule: {
    RuleName: "base-scorekeep",
    ResourceARN: "*",
    Priority: 9_000,
    FixedRate: 0.1,
    ReservoirSize: 5,
    ServiceName: "Scorekeep",
    ServiceType: "*",
    Host: "*",
    HTTPMethod: "*",
    URLPath: "*",
    Version: 1,
  },
});

it("segments are put, found, fetched and drawn", async () => {
  const found = await shell(`
    START=$(($(date +%s) - 60)); HEX=$(printf '%x' $(date +%s)); TRACE=1-$HEX-194fcf1b5b1a5e30a3b1a2c4
    aws xray put-trace-segments --trace-segment-documents "{\\"trace_id\\": \\"$TRACE\\", \\"id\\": \\"6226467e3f845502\\", \\"name\\": \\"test.elasticbeanstalk.com\\", \\"start_time\\": $START, \\"end_time\\": $(($START + 1))}" '{"id": 5}'
    END=$(date +%s)
    TRACEIDS=$(aws xray get-trace-summaries --start-time $START --end-time $END --query 'TraceSummaries[*].Id' --output text)
    test "$TRACEIDS" = "$TRACE" && aws xray batch-get-traces --trace-ids $TRACEIDS --query 'Traces[*].Segments[*].Id' --output text
    aws xray get-service-graph --start-time $START --end-time $END --query 'Services[*].Name' --output text`);
  const [refused = "", ...rest] = found.output.split(/(?<=^})\n/m);
  expect(JSON.parse(refused)).toEqual({
    UnprocessedTraceSegments: [{ ErrorCode: expect.any(String), Message: expect.any(String) }],
  });
  expect(rest.join("").trim().split("\n")).toEqual([
    "6226467e3f845502",
    "test.elasticbeanstalk.com\ttest.elasticbeanstalk.com",
  ]);
});

it("a group is created, changed, listed and deleted", async () => {
  const created =
    'aws xray create-group --group-name "TestGroup" --filter-expression "service(\\"example.com\\") {fault}"';
  expect(await answer(`${created} --insights-configuration InsightsEnabled=true,NotificationsEnabled=false`)).toEqual({
    Group: {
      GroupName: "TestGroup",
      GroupARN: expect.stringMatching(/^arn:aws:xray:us-east-1:\d{12}:group\/TestGroup\/[A-Z0-9]+$/),
      FilterExpression: 'service("example.com") {fault}',
      InsightsConfiguration: { InsightsEnabled: true, NotificationsEnabled: false },
    },
  });
  const updated = await answer('aws xray update-group --group-name "TestGroup" --filter-expression "duration > 5"');
  expect(updated).toMatchObject({ Group: { FilterExpression: "duration > 5" } });
  expect(await answer("aws xray get-groups --query 'Groups[*].GroupName'")).toEqual(["Default", "walked", "TestGroup"]);
  expect(await answer('aws xray delete-group --group-name "TestGroup"')).toBeUndefined();
  const { code, output } = await shell('aws xray get-group --group-name "TestGroup"');
  expect(code).toBeGreaterThan(0);
  expect(output).toContain(
    "An error occurred (InvalidRequestException) when calling the GetGroup operation: Group not found",
  );
});

it("a sampling rule is created from a file, tagged, and deleted", async () => {
  const created = await answer(`
    cd $(mktemp -d) && echo '${rule}' > 9000-base-scorekeep.json &&
    aws xray create-sampling-rule --cli-input-json file://9000-base-scorekeep.json --query SamplingRuleRecord.SamplingRule; rm -r $PWD`);
  const { SamplingRule: members } = JSON.parse(rule) as { SamplingRule: object };
  expect(created).toEqual({
    ...members,
    RuleARN: expect.stringContaining(":sampling-rule/base-scorekeep"),
    Attributes: {},
  });
  const { RuleARN } = created as { RuleARN: string };
  expect(
    await answer(`aws xray tag-resource --resource-arn ${RuleARN} --tags Key="team",Value="Game night"`),
  ).toBeUndefined();
  expect(await answer(`aws xray list-tags-for-resource --resource-arn ${RuleARN}`)).toEqual({
    Tags: [{ Key: "team", Value: "Game night" }],
  });
  const deleted = await answer("aws xray delete-sampling-rule --rule-name base-scorekeep");
  expect(deleted).toMatchObject({ SamplingRuleRecord: { SamplingRule: { RuleName: "base-scorekeep" } } });
});

it("insights are listed for a group and a state", async () => {
  const { start, end } = account.values;
  const line = `aws xray get-insight-summaries --start-time ${start} --end-time ${end} --group-name "Default" --states "CLOSED"`;
  expect(await answer(line)).toMatchObject({
    InsightSummaries: [{ InsightId: account.values.insightId, State: "CLOSED", Categories: ["FAULT"] }],
  });
});

it("the encryption key comes back as an ARN, active at once", async () => {
  expect(await answer("aws xray put-encryption-config --type KMS --key-id alias/MyKey")).toEqual({
    EncryptionConfig: {
      KeyId: expect.stringMatching(/^arn:aws:kms:us-east-1:\d{12}:alias\/MyKey$/),
      Status: "ACTIVE",
      Type: "KMS",
    },
  });
});

it("traces are retrieved by a token", async () => {
  const { start, end } = account.values;
  const id = "1-6553f100-000000000000000000000001";
  const listed = await answer(`
    TOKEN=$(aws xray start-trace-retrieval --trace-ids ${id} --start-time ${start} --end-time ${end} --query RetrievalToken --output text) &&
    aws xray list-retrieved-traces --retrieval-token $TOKEN --trace-format XRAY`);
  expect(listed).toMatchObject({
    RetrievalStatus: "COMPLETE",
    TraceFormat: "XRAY",
    Traces: [{ Id: id, Duration: 1.2 }],
  });
});
