import type { Segment } from "./segment.ts";
import type { NodeId, TraceSegment } from "./trace.ts";

/**
 * The segment that a callee would have sent, made up from the call as its caller saw it. Its id depends on the trace and
 * the call alone, so that every reading of the same documents gives the same one.
 */
export function inferSegment(caller: Segment): TraceSegment {
  const node = nodeOfCallee(caller);
  return {
    id: inferredId(caller.traceId, caller.id),
    name: caller.name,
    traceId: caller.traceId,
    parentId: caller.id,
    isSubsegment: false,
    startSeconds: caller.startSeconds,
    endSeconds: caller.endSeconds,
    inProgress: caller.inProgress,
    fault: caller.fault,
    error: caller.error,
    throttle: caller.throttle,
    namespace: absent,
    origin: node.type === "remote" ? absent : node.type,
    user: absent,
    resourceArn: absent,
    http: caller.http,
    sql: caller.sql,
    aws: caller.aws,
    cause: absent,
    annotations: absent,
    metadata: caller.metadata,
    service: absent,
    precursorIds: absent,
    links: absent,
    traced: absent,
    subsegments: none,
    inferred: true,
    isRoot: false,
    node,
  } as TraceSegment;
}

/** Members that a call cannot know are there all the same: one shape for all segments. */
const absent = undefined as never;
const none: readonly Segment[] = Object.freeze([]);

/** The node of the service graph that a call goes to when the callee has sent no segment of its own. */
function nodeOfCallee(caller: Segment): NodeId {
  if (caller.sql !== undefined) return { name: caller.name, type: "Database::SQL" };
  if (caller.namespace !== "aws") return { name: caller.name, type: "remote" };
  const { tableName, queueUrl, accountId } = caller.aws ?? {};
  const service = serviceNames.get(caller.name.toLowerCase()) ?? caller.name;
  if (service === "DynamoDB" && tableName !== undefined) return nodeOf(tableName, "AWS::DynamoDB::Table", accountId);
  if (queueUrl !== undefined) return nodeOf(queueUrl, "AWS::SQS::Queue", accountId);
  return nodeOf(service, `AWS::${service}`, accountId);
}

function nodeOf(name: string, type: string, accountId: string | undefined): NodeId {
  return accountId === undefined ? { name, type } : { name, type, accountId };
}

/**
 * One spelling for services that the SDKs spell differently: Node says `DynamoDB`, Python `dynamodb`. A service that is
 * not listed keeps the name it was sent with.
 */
const serviceNames: ReadonlyMap<string, string> = new Map(
  [
    ...["ACM", "APIGateway", "AppSync", "Athena", "Bedrock", "BedrockRuntime", "CloudFormation", "CloudFront"],
    ...["CloudWatch", "CloudWatchLogs", "CodeBuild", "CognitoIdentityProvider", "DynamoDB", "EC2", "ECR", "ECS", "EKS"],
    ...["ElastiCache", "ElasticsearchService", "EventBridge", "Firehose", "Glue", "IAM", "Iot", "Kinesis", "KMS"],
    ...["Lambda", "OpenSearch", "RDS", "RDSData", "Redshift", "Rekognition", "Route53", "S3", "SageMakerRuntime"],
    ...["SecretsManager", "SES", "SESv2", "Sfn", "SNS", "SQS", "SSM", "STS", "Textract", "XRay"],
  ].map((name) => [name.toLowerCase(), name]),
);

/** 64 bits in hex out of two FNV-1a sums that differ in where they begin. */
function inferredId(traceId: string, callId: string): string {
  let high = 0x811c9dc5;
  let low = 0x050c5d1f;
  for (let i = 0; i < traceId.length; i++) {
    const code = traceId.charCodeAt(i);
    high = Math.imul(high ^ code, 0x01000193);
    low = Math.imul(low ^ code, 0x01000193);
  }
  for (let i = 0; i < callId.length; i++) {
    const code = callId.charCodeAt(i);
    high = Math.imul(high ^ code, 0x01000193);
    low = Math.imul(low ^ code, 0x01000193);
  }
  return hex(high) + hex(low ^ (high >>> 15));
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, "0");
}
