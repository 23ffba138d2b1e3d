import { asObject, type WireObject } from "../trace/members.ts";
import { AttributeReader } from "./attribute-reader.ts";
import { blockAttributes, sharedMembers } from "./platform-attributes.ts";
import type { Resource } from "./span.ts";
import { restOf, saying } from "./wire-members.ts";

/** What a resource says of each segment of its service. */
export interface Service {
  readonly name: string | undefined;
  readonly origin: string | undefined;
  readonly resourceArn: string | undefined;
  /** The block `service`. */
  readonly service: WireObject | undefined;
  readonly aws: WireObject | undefined;
  /** What none of these has read. */
  readonly left: readonly (readonly [key: string, value: unknown])[];
}

/** Reads a resource; `isOurs` when a segment was made one by `resourceOf`. */
export function serviceOf(resource: Resource, isOurs: boolean): Service {
  const attributes = new AttributeReader(resource.attributes);
  const name = attributes.text("service.name");
  const aws = isOurs ? ownAwsOf(attributes) : awsOf(attributes);
  const service = isOurs ? ownServiceOf(attributes, aws) : versionsOf(attributes);
  const origin = isOurs ? undefined : originOf(attributes);
  if (isOurs) attributes.skip(["cloud.provider", "cloud.platform", "telemetry.sdk.language"]);
  const resourceArn = isOurs ? undefined : arnOf(attributes);
  const left = attributes.left().map(([key, value]) => [`otel.resource.${key}`, value] as const);
  return { name, origin, resourceArn, service, aws, left };
}

/** Other clouds have ids that are no ARNs. */
function arnOf(attributes: AttributeReader): string | undefined {
  return attributes.look("cloud.resource_id")?.startsWith("arn:") ? attributes.text("cloud.resource_id") : undefined;
}

function versionsOf(attributes: AttributeReader): WireObject | undefined {
  return saying({
    version:
      attributes.text("service.version") ?? attributes.texts(["container.image.tag", "container.image.tags"])?.[0],
    runtime: attributes.text("process.runtime.name"),
    runtime_version: attributes.text("process.runtime.version"),
  });
}

/** The version may be Elastic Beanstalk's label: then the service had none, unless it is kept beside. */
function ownServiceOf(attributes: AttributeReader, aws: WireObject | undefined): WireObject | undefined {
  const rest = restOf(attributes, "aws.xray.service");
  const version = attributes.text("service.version");
  const runtime = attributes.scalar("process.runtime.name");
  const runtimeVersion = attributes.scalar("process.runtime.version");
  return saying({
    ...(version !== asObject(aws?.elastic_beanstalk)?.version_label && { version }),
    ...(runtime !== undefined && { runtime }),
    ...(runtimeVersion !== undefined && { runtime_version: runtimeVersion }),
    ...rest,
  });
}

type Blocks = { [block: string]: unknown };

/** What of the blocks has attributes, with what is kept in `aws.xray.aws` because it has none. */
function ownAwsOf(attributes: AttributeReader): WireObject | undefined {
  const rest = restOf(attributes, "aws.xray.aws");
  const aws: Blocks = {};
  for (const [block, names] of blockAttributes) {
    const members: Blocks = {};
    for (const [member, attribute] of names) {
      const value = sharedMembers.has(member) ? undefined : attributes.scalar(attribute);
      if (value !== undefined) members[member] = value;
    }
    if (block === "elastic_beanstalk") addDeployment(members, attributes);
    const kept = rest[block];
    const whole = { ...members, ...asObject(kept) };
    if (saying(whole) !== undefined) aws[block] = whole;
  }
  const account = attributes.text("cloud.account.id");
  if (account !== undefined) aws.account_id = account;
  const groups = logGroupsOf(attributes, "");
  if (groups !== undefined) aws.cloudwatch_logs = groups;
  attributes.skip(["container.id", "cloud.availability_zone"]);
  for (const member in rest) if (asObject(aws[member]) === undefined) aws[member] = rest[member];
  return saying(aws);
}

function addDeployment(members: Blocks, attributes: AttributeReader): void {
  const deployment = attributes.text("service.instance.id");
  if (deployment !== undefined) members.deployment_id = Number(deployment);
}

/** The blocks of where a service runs. Outside of AWS there is only the SDK's. */
function awsOf(attributes: AttributeReader): WireObject | undefined {
  const aws: Blocks = { xray: sdkOf(attributes) };
  const provider = attributes.look("cloud.provider");
  if (provider !== undefined && provider !== "aws") return saying(aws);
  const platform = attributes.look("cloud.platform");
  for (const block of blocksOf(attributes, platform)) aws[block] = blockOf(attributes, block);
  if (platform === "aws_elastic_beanstalk") addLabel(aws, attributes);
  aws.account_id = attributes.text("cloud.account.id");
  aws.cloudwatch_logs = logGroupsOf(attributes, "&");
  if (saying(aws) !== undefined) attributes.skip("cloud.provider");
  return saying(aws);
}

/** Every machine has a `host.id` and many clusters are not AWS's: those need another sign. */
function blocksOf(attributes: AttributeReader, platform: string | undefined): readonly string[] {
  const isAws = attributes.look("cloud.provider") === "aws";
  const blocks: string[] = [];
  if (platform === "aws_ec2" || /^i-[\da-f]+$/.test(attributes.look("host.id") ?? "")) blocks.push("ec2");
  if (platform === "aws_ecs" || attributes.has("aws.ecs.task.arn")) blocks.push("ecs");
  if (platform === "aws_eks" || (isAws && attributes.has("k8s.cluster.name"))) blocks.push("eks");
  return blocks;
}

function blockOf(attributes: AttributeReader, block: string): WireObject | undefined {
  const members: Blocks = {};
  for (const [member, attribute] of blockAttributes.get(block)!) members[member] = attributes.text(attribute);
  return saying(members);
}

/** The label is the service's version, which it stays. */
function addLabel(aws: Blocks, attributes: AttributeReader): void {
  const deployment = Number(attributes.text("service.instance.id"));
  aws.elastic_beanstalk = saying({
    environment_name: attributes.text("service.namespace"),
    version_label: attributes.look("service.version"),
    deployment_id: Number.isFinite(deployment) ? deployment : undefined,
  });
}

function sdkOf(attributes: AttributeReader): WireObject | undefined {
  const name = attributes.text("telemetry.sdk.name");
  const language = attributes.text("telemetry.sdk.language");
  const isWhole = name === undefined || language === undefined || name.includes(" for ");
  const isAutomatic = attributes.has(["telemetry.auto.version", "telemetry.distro.version", "telemetry.distro.name"]);
  return saying({
    sdk: isWhole ? name : `${name} for ${language}`,
    sdk_version: attributes.text("telemetry.sdk.version"),
    auto_instrumentation: isAutomatic || undefined,
  });
}

/** By ARN and name where there are both. Where several stand in one text, there is a separator. */
function logGroupsOf(attributes: AttributeReader, separator: string): readonly WireObject[] | undefined {
  const split = (texts: readonly string[] | undefined): readonly string[] | undefined =>
    separator === "" ? texts : texts?.flatMap((text) => text.split(separator));
  const names = split(attributes.texts("aws.log.group.names"));
  const arns = split(attributes.texts("aws.log.group.arns"));
  if (arns === undefined) return names?.map((name) => ({ log_group: name }));
  return arns.map((arn, at) => ({ log_group: names?.[at] ?? arn.split(":")[6], arn }));
}

const origins: ReadonlyMap<string, string> = new Map([
  ["aws_app_runner", "AWS::AppRunner::Service"],
  ["aws_eks", "AWS::EKS::Container"],
  ["aws_elastic_beanstalk", "AWS::ElasticBeanstalk::Environment"],
  ["aws_ecs", "AWS::ECS::Container"],
  ["aws_ec2", "AWS::EC2::Instance"],
  ["aws_lambda", "AWS::Lambda::Function"],
]);

function originOf(attributes: AttributeReader): string | undefined {
  const provider = attributes.look("cloud.provider");
  if (provider !== undefined && provider !== "aws") return undefined;
  const platform = attributes.look("cloud.platform");
  const origin = origins.get(platform ?? "");
  if (origin === undefined) return undefined;
  attributes.skip(["cloud.platform", "cloud.provider"]);
  const launch = attributes.look("aws.ecs.launchtype")?.toLowerCase();
  if (platform !== "aws_ecs" || launch === undefined) return origin;
  return launch === "fargate" ? "AWS::ECS::Fargate" : launch === "ec2" ? "AWS::ECS::EC2" : origin;
}
