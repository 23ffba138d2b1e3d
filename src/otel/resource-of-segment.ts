import type { Aws, Segment } from "../trace/segment.ts";
import { addCloud, addPlatform } from "./platform-attributes.ts";
import { addRest } from "./rest.ts";
import type { AttributeValue, Resource } from "./span.ts";
import { takeTexts } from "./take-texts.ts";

/**
 * The service, process and machine that a segment tells of. What has no convention is kept below `aws.xray`, so that the
 * segment's `service` and `aws` can be made again.
 */
export function resourceOf(segment: Segment): Resource {
  const { name, origin, service, aws } = segment;
  const key = JSON.stringify([name, origin, service, aws?.raw]);
  const known = resources.get(key);
  if (known !== undefined) return known;
  if (resources.size === maxResources) resources.clear();
  const resource = makeResource(segment);
  resources.set(key, resource);
  return resource;
}

/** Those met lately: a service's segments tell the same again and again, and a shared object need not be compared. */
const resources = new Map<string, Resource>();
const maxResources = 256;

function makeResource(segment: Segment): Resource {
  const attributes = new Map<string, AttributeValue>([["service.name", segment.name]]);
  const { service, aws, origin } = segment;
  if (service !== undefined) addService(attributes, service);
  if (aws !== undefined) addPlatform(attributes, aws);
  if (service !== undefined && service.version === labelOf(aws)) addEqualVersion(attributes, service.version);
  addCloud(attributes, origin, aws);
  return { attributes };
}

/** Elastic Beanstalk's label of what is deployed is the service's version too, where the service has none. */
function labelOf(aws: Aws | undefined): unknown {
  return (aws?.raw.elastic_beanstalk as { readonly version_label?: unknown } | null | undefined)?.version_label;
}

/** Says that the service had the version itself, though the label alone would have given the same attribute. */
function addEqualVersion(attributes: Map<string, AttributeValue>, version: unknown): void {
  if (typeof version === "string") attributes.set("aws.xray.service.version", version);
}

/** For a subsegment that came alone, from a segment that is not at hand. */
export const unknownResource: Resource = { attributes: new Map([["service.name", "unknown_service"]]) };

const serviceAttributes: ReadonlyMap<string, string> = new Map([
  ["version", "service.version"],
  ["runtime", "process.runtime.name"],
  ["runtime_version", "process.runtime.version"],
]);

function addService(attributes: Map<string, AttributeValue>, service: Readonly<Record<string, unknown>>): void {
  const taken = takeTexts(attributes, service, serviceAttributes);
  addRest(attributes, "aws.xray.service", service, (member) => taken.includes(member));
}
