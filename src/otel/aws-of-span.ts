import type { WireObject } from "../trace/members.ts";
import type { AttributeReader } from "./attribute-reader.ts";
import { spanKind } from "./span.ts";
import type { SpanReading } from "./span-reading.ts";
import { restOf, saying } from "./wire-members.ts";

/** The AWS service that a span calls, as the SDK that calls it spells the name; undefined for all other spans. */
export function awsServiceOf({ span, attributes, isOurs }: SpanReading): string | undefined {
  if (span.kind === spanKind.server) return undefined;
  if (attributes.look(["rpc.system", "rpc.system.name"]) !== "aws-api") {
    return isOurs
      ? undefined
      : (attributes.look("aws.service") ?? queueServices.get(attributes.look("messaging.system") ?? ""));
  }
  if (isOurs) return span.name;
  return (
    attributes.look(["aws.service", "rpc.service"]) ??
    trimmedService(attributes.look("aws.remote.service")) ??
    /^([^/.]+)[/.]/.exec(attributes.look("rpc.method") ?? span.name)?.[1] ??
    span.name
  );
}

/** Application Signals puts a word of its own before the service. */
function trimmedService(service: string | undefined): string | undefined {
  return service?.replace(/^AWS(?:\.SDK\.|::)/, "");
}

/** AWS's queues, when it is not its SDK that says so. */
const queueServices: ReadonlyMap<string, string> = new Map([
  ["aws_sqs", "SQS"],
  ["AmazonSQS", "SQS"],
  ["aws.sqs", "SQS"],
  ["aws_sns", "SNS"],
  ["aws.sns", "SNS"],
]);

/** Members about a call, and the attributes that say them: the first is what `segmentsToSpans` writes. */
const callMembers: readonly (readonly [member: string, attributes: readonly string[]])[] = [
  ["region", ["cloud.region", "aws.region"]],
  ["request_id", ["aws.request_id", "aws.requestId", "aws.request.id"]],
  ["id_2", ["aws.extended_request_id", "aws.request.extended_id"]],
  ["retries", ["aws.xray.retries"]],
  ["queue_url", ["aws.sqs.queue.url", "aws.sqs.queue_url", "aws.queue_url", "aws.queue.url", "messaging.url"]],
  ["topic_arn", ["aws.sns.topic.arn"]],
  ["bucket_name", ["aws.s3.bucket", "aws.bucket.name"]],
  ["key", ["aws.s3.key"]],
  ["stream_name", ["aws.kinesis.stream_name", "aws.kinesis.stream.name", "aws.stream.name"]],
];
const otherMembers: readonly (readonly [member: string, attributes: readonly string[]])[] = [
  ["account_id", ["aws.account_id"]],
  ["function_name", ["faas.invoked_name"]],
];

/** What a span says of AWS itself: the call that it is, or what its segment had in its `aws` block. */
export function awsOf(reading: SpanReading, service: string | undefined): WireObject | undefined {
  const { attributes, isOurs } = reading;
  const rest = restOf(attributes, "aws.xray.aws");
  const aws: { [member: string]: unknown } = { ...rest };
  const take = ([member, keys]: readonly [string, readonly string[]]): void => {
    const value = attributes.scalar(keys);
    if (value !== undefined) aws[member] = value;
  };
  for (const each of callMembers) take(each);
  if (isOurs) {
    take(["operation", ["rpc.method"]]);
    attributes.skip(["rpc.system", "rpc.service", "db.system.name"]);
  } else {
    for (const each of otherMembers) take(each);
    if (service !== undefined) addCall(aws, attributes, service);
    else take(["operation", ["aws.operation"]]);
  }
  addTables(aws, attributes.texts("aws.dynamodb.table_names"), attributes);
  return saying(aws);
}

function addCall(aws: { [member: string]: unknown }, attributes: AttributeReader, service: string): void {
  const operation = attributes.text(["aws.operation", "rpc.method"]);
  if (operation !== undefined) aws.operation = operation.slice(operation.lastIndexOf("/") + 1);
  attributes.skip(["rpc.system", "rpc.system.name", "rpc.service", "aws.service"]);
  if (service.toLowerCase() === "dynamodb") attributes.skip(tableAttributes);
  if (service.toLowerCase() !== "sqs") return;
  const url = attributes.look(["url.full", "http.url"]);
  if (url !== undefined && aws.queue_url === undefined && isQueue(url)) aws.queue_url = url;
}

/** What DynamoDB's calls say as a database that they also say as a service. */
const tableAttributes = ["db.system.name", "db.system", "db.namespace", "db.name", "db.operation.name", "db.operation"];

/** A queue's URL ends in an account and a name; some instrumentation gives the endpoint alone. */
function isQueue(url: string): boolean {
  return /\/\d+\/[\w.-]+$/.test(url);
}

/** One table is a name, several are a list. */
function addTables(
  aws: { [member: string]: unknown },
  tables: readonly string[] | undefined,
  attributes: AttributeReader,
): void {
  const table = attributes.text(["aws.table_name", "aws.table.name"]);
  if ("table_name" in aws || "table_names" in aws) return;
  if (tables?.length === 1) aws.table_name = tables[0];
  else if (tables !== undefined) aws.table_names = tables;
  else if (table !== undefined) aws.table_name = table;
}
