import type { Aws } from "../trace/segment.ts";
import type { AttributeValue } from "./span.ts";
import { takeTexts } from "./take-texts.ts";

type Block = Readonly<Record<string, unknown>>;

/** Blocks of a segment's `aws`, and the attributes of the conventions for hosts, containers, clusters and SDKs. */
export const blockAttributes: ReadonlyMap<string, ReadonlyMap<string, string>> = new Map([
  [
    "ec2",
    new Map([
      ["instance_id", "host.id"],
      ["instance_size", "host.type"],
      ["ami_id", "host.image.id"],
      ["availability_zone", "cloud.availability_zone"],
    ]),
  ],
  [
    "ecs",
    new Map([
      ["container", "container.name"],
      ["container_id", "container.id"],
      ["container_arn", "aws.ecs.container.arn"],
      ["cluster_arn", "aws.ecs.cluster.arn"],
      ["task_arn", "aws.ecs.task.arn"],
      ["task_family", "aws.ecs.task.family"],
      ["launch_type", "aws.ecs.launchtype"],
      ["availability_zone", "cloud.availability_zone"],
    ]),
  ],
  [
    "eks",
    new Map([
      ["cluster_name", "k8s.cluster.name"],
      ["pod", "k8s.pod.name"],
      ["container_id", "container.id"],
    ]),
  ],
  [
    "elastic_beanstalk",
    new Map([
      ["environment_name", "service.namespace"],
      ["version_label", "service.version"],
    ]),
  ],
  [
    "xray",
    new Map([
      ["sdk", "telemetry.sdk.name"],
      ["sdk_version", "telemetry.sdk.version"],
    ]),
  ],
]);

/**
 * Members whose attribute belongs to several blocks: the attribute cannot tell which of them had it, so that they are
 * kept in `aws.xray.aws` as well.
 */
export const sharedMembers: ReadonlySet<string> = new Set(["container_id", "availability_zone", "version_label"]);

/** Of a segment's `aws` block, these members are about the resource; all others are about the span. */
export function isOfResource(member: string): boolean {
  return blockAttributes.has(member) || member === "cloudwatch_logs" || member === "account_id";
}

/** What a segment's `aws` block says of where it ran. What has no attribute is kept as JSON in `aws.xray.aws`. */
export function addPlatform(attributes: Map<string, AttributeValue>, { raw, accountId }: Aws): void {
  const rest: [string, unknown][] = [];
  for (const member in raw) {
    const value = raw[member];
    if (!isOfResource(member) || value === null) continue;
    const left = addMember(attributes, member, value, accountId);
    if (left !== undefined) rest.push([member, left]);
  }
  if (rest.length > 0) attributes.set("aws.xray.aws", JSON.stringify(Object.fromEntries(rest)));
  const sdk = attributes.get("telemetry.sdk.name");
  const language = typeof sdk === "string" ? languageOf(sdk) : undefined;
  if (language !== undefined) attributes.set("telemetry.sdk.language", language);
}

/** Answers what of it no attribute could take. */
function addMember(
  attributes: Map<string, AttributeValue>,
  member: string,
  value: unknown,
  accountId: string | undefined,
): unknown {
  if (member === "account_id") {
    if (accountId === undefined) return value;
    attributes.set("cloud.account.id", accountId);
    return typeof value === "string" ? undefined : value;
  }
  if (member === "cloudwatch_logs") return addLogGroups(attributes, value) ? undefined : value;
  if (!isObject(value)) return value;
  const taken = takeTexts(attributes, value, blockAttributes.get(member)!).filter((name) => !sharedMembers.has(name));
  const left = Object.entries(value).filter(([name, one]) => {
    return one !== null && !taken.includes(name) && !isSamplingRule(name, one) && !isDeployment(attributes, name, one);
  });
  return left.length > 0 ? Object.fromEntries(left) : undefined;
}

/** The rule differs from request to request, so the span has it. */
function isSamplingRule(name: string, value: unknown): boolean {
  return name === "sampling_rule_name" && typeof value === "string";
}

/** X-Ray has a number here, and OpenTelemetry a text. */
function isDeployment(attributes: Map<string, AttributeValue>, name: string, value: unknown): boolean {
  if (name !== "deployment_id" || typeof value !== "number") return false;
  attributes.set("service.instance.id", String(value));
  return true;
}

/** True when names and ARNs say all that there is to say. */
function addLogGroups(attributes: Map<string, AttributeValue>, value: unknown): boolean {
  if (!Array.isArray(value)) return false;
  const groups = value.filter(isObject);
  const names = groups.map((group) => group.log_group).filter((name) => typeof name === "string");
  const arns = groups.map((group) => group.arn).filter((arn) => typeof arn === "string");
  if (names.length > 0) attributes.set("aws.log.group.names", names);
  if (arns.length > 0) attributes.set("aws.log.group.arns", arns);
  const members = groups.reduce((sum, group) => sum + Object.keys(group).length, 0);
  const isEven = names.length === value.length && (arns.length === 0 || arns.length === names.length);
  return isEven && members === names.length + arns.length;
}

const languages: ReadonlyMap<string, string> = new Map([
  ["node.js", "nodejs"],
  [".net", "dotnet"],
  [".net core", "dotnet"],
]);

/** `X-Ray for Python` is Python. */
function languageOf(sdk: string): string | undefined {
  const language = / for (.+)$/s.exec(sdk)?.[1]?.toLowerCase();
  return language === undefined ? undefined : (languages.get(language) ?? language);
}

const platforms: readonly (readonly [origin: string, block: string, platform: string])[] = [
  ["AWS::ElasticBeanstalk", "elastic_beanstalk", "aws_elastic_beanstalk"],
  ["AWS::EKS", "eks", "aws_eks"],
  ["AWS::ECS", "ecs", "aws_ecs"],
  ["AWS::EC2", "ec2", "aws_ec2"],
  ["AWS::Lambda", "", "aws_lambda"],
  ["AWS::AppRunner", "", "aws_app_runner"],
];

/** The platform by the origin or, without one, by the most particular block. An SDK alone is in no cloud. */
export function addCloud(
  attributes: Map<string, AttributeValue>,
  origin: string | undefined,
  aws: Aws | undefined,
): void {
  const platform = platforms.find(([start, block]) =>
    origin === undefined ? isObject(aws?.raw[block]) : origin.startsWith(start),
  );
  if (platform !== undefined) attributes.set("cloud.platform", platform[2]);
  if (platform !== undefined || origin?.startsWith("AWS::") || aws?.accountId !== undefined) {
    attributes.set("cloud.provider", "aws");
  }
}

function isObject(value: unknown): value is Block {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
