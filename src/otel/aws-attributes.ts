import type { Aws } from "../trace/segment.ts";
import { addRest } from "./rest.ts";
import type { AttributeValue } from "./span.ts";

/**
 * Members of an `aws` block that are about a call, and the attributes of OpenTelemetry's conventions for AWS SDKs.
 * Members that are not here keep their own names below `aws.xray.aws`.
 */
const callAttributes: ReadonlyMap<string, string> = new Map([
  ["operation", "rpc.method"],
  ["region", "cloud.region"],
  ["request_id", "aws.request_id"],
  ["id_2", "aws.extended_request_id"],
  ["retries", "aws.xray.retries"],
  ["queue_url", "aws.sqs.queue.url"],
  ["topic_arn", "aws.sns.topic.arn"],
  ["bucket_name", "aws.s3.bucket"],
  ["key", "aws.s3.key"],
  ["stream_name", "aws.kinesis.stream_name"],
]);

/** What an `aws` block says of a call. Members that the caller has put elsewhere are left out. */
export function addAwsCall(
  attributes: Map<string, AttributeValue>,
  { raw }: Aws,
  isElsewhere: (member: string) => boolean,
): void {
  for (const member in raw) {
    const attribute = callAttributes.get(member);
    const value = raw[member];
    if (attribute !== undefined && isScalar(value)) attributes.set(attribute, value);
  }
  const tables = tablesOf(raw);
  if (tables !== undefined) attributes.set("aws.dynamodb.table_names", tables);
  addRest(attributes, "aws.xray.aws", raw, (member) => {
    if (member === "table_name" || member === "table_names") return tables !== undefined && isClear(raw, tables);
    return (callAttributes.has(member) && isScalar(raw[member])) || isElsewhere(member);
  });
}

/** What names an AWS SDK call: the service is the subsegment's name. */
export function addAwsService(attributes: Map<string, AttributeValue>, service: string): void {
  attributes.set("rpc.system", "aws-api");
  attributes.set("rpc.service", service);
  if (service === "DynamoDB" || service === "dynamodb") attributes.set("db.system.name", "aws.dynamodb");
}

/** One table, or several; undefined when the block says neither, or says both differently. */
function tablesOf({ table_name: one, table_names: several }: Aws["raw"]): readonly string[] | undefined {
  if (several === undefined || several === null) return typeof one === "string" ? [one] : undefined;
  if (!isTexts(several)) return undefined;
  return one === undefined || (several.length === 1 && several[0] === one) ? several : undefined;
}

/** Whether the tables alone say which of the two members there was: a name when it is one, a list when there are more. */
function isClear({ table_names: several }: Aws["raw"], tables: readonly string[]): boolean {
  return several === undefined || several === null || tables.length > 1;
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

const senders: ReadonlySet<string> = new Set(
  "sendmessage sendmessagebatch publish publishbatch putrecord putrecords putevents".split(" "),
);

/** True for calls that hand over a message: SQS, SNS, Kinesis, EventBridge. */
export function sendsMessage(aws: Aws | undefined): boolean {
  return aws?.operation !== undefined && senders.has(aws.operation.toLowerCase());
}
