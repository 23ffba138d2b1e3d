import type { NodeId } from "../../trace/trace.ts";

/** What a node is, as far as its picture goes. */
export type NodeKind =
  | "client"
  | "group"
  | "service"
  | "function"
  | "database"
  | "table"
  | "queue"
  | "storage"
  | "remote"
  | "cloud";

const kinds: readonly (readonly [RegExp, NodeKind])[] = [
  [/^client$/, "client"],
  [/^remote$/, "remote"],
  [/^Database::/, "database"],
  [/DynamoDB|Table$/, "table"],
  [/^AWS::Lambda/, "function"],
  [/SQS|SNS|Kinesis|EventBridge|Firehose|Queue/, "queue"],
  [/^AWS::S3/, "storage"],
  [/^AWS::(EC2|ECS|EKS|ElasticBeanstalk)/, "service"],
  [/^AWS::/, "cloud"],
];

/** The kind of a node, by its type. */
export function nodeKind({ type = "" }: NodeId): NodeKind {
  return kinds.find(([pattern]) => pattern.test(type))?.[1] ?? "service";
}

const labels: Readonly<Record<string, string>> = {
  client: "Client",
  remote: "Remote service",
  "Database::SQL": "SQL database",
  "AWS::DynamoDB::Table": "DynamoDB table",
  "AWS::EC2::Instance": "EC2 instance",
  "AWS::ECS::Container": "ECS container",
  "AWS::EKS::Container": "EKS container",
  "AWS::ElasticBeanstalk::Environment": "Beanstalk environment",
  "AWS::Lambda": "Lambda service",
  "AWS::Lambda::Function": "Lambda function",
  "AWS::SQS::Queue": "SQS queue",
  "AWS::ApiGateway::Stage": "API Gateway stage",
};

/** A node's type in words. */
export function typeLabel({ type }: NodeId): string {
  if (type === undefined || type === "") return "Service";
  return labels[type] ?? type.replace(/^AWS::/, "").replaceAll("::", " ");
}
