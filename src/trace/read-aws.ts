import { asObject, asText, asTextOrNumber, type WireObject } from "./members.ts";
import type { Aws } from "./segment.ts";

/** The `aws` block: what we reason with by name, the rest in `raw` with the SDKs' dialects mended. */
export function readAws(value: unknown): Aws | undefined {
  const block = asObject(value);
  if (block === undefined) return undefined;
  const raw = mendDialects(block);
  const ec2 = asObject(raw.ec2);
  const xray = asObject(raw.xray);
  return {
    accountId: asTextOrNumber(raw.account_id),
    operation: asText(raw.operation),
    region: asText(raw.region),
    requestId: asText(raw.request_id),
    tableName: asText(raw.table_name) ?? onlyTable(raw.table_names),
    queueUrl: asText(raw.queue_url),
    topicArn: asText(raw.topic_arn),
    bucketName: asText(raw.bucket_name),
    functionName: asText(raw.function_name),
    instanceId: asText(ec2?.instance_id),
    availabilityZone: asText(ec2?.availability_zone),
    samplingRule: asText(xray?.sampling_rule_name),
    raw,
  } as Aws;
}

/** Node and Java say `xray.rule_name`, Node `elastic_beanstalk.environment`, Python `ec2.instance_type`. */
function mendDialects(block: WireObject): WireObject {
  let mended = renameMember(block, "xray", "rule_name", "sampling_rule_name");
  mended = renameMember(mended, "elastic_beanstalk", "environment", "environment_name");
  return renameMember(mended, "ec2", "instance_type", "instance_size");
}

function renameMember(block: WireObject, member: string, dialect: string, word: string): WireObject {
  const inner = asObject(block[member]);
  if (inner === undefined || inner[dialect] === undefined) return block;
  const { [dialect]: value, ...rest } = inner;
  return { ...block, [member]: { [word]: value, ...rest } };
}

/** Batch operations name their tables in a list; a list of one is as good as a name. */
function onlyTable(value: unknown): string | undefined {
  return Array.isArray(value) && value.length === 1 ? asText(value[0]) : undefined;
}
