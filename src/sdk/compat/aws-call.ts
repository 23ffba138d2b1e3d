import { readFileSync } from "node:fs";
import { type AwsParameters, defaultAwsParameters, type OperationParameters } from "./aws-parameters.ts";
import { getLogger } from "./logger.ts";

type Members = Readonly<Record<string, unknown>>;

/** What is known of a call to AWS when it has ended, in either line of the AWS SDK. */
export interface AwsCallResult {
  readonly operation: string;
  readonly region: string | undefined;
  readonly requestId: string | undefined;
  /** S3's second id of a request. */
  readonly extendedRequestId: string | undefined;
  readonly retries: number;
  readonly input: Members;
  readonly output: Members | undefined;
}

let parameters: AwsParameters = { ...defaultAwsParameters };

/** Says which parameters of calls to AWS are recorded: the path of a file, or what would be in it. */
export function setAWSWhitelist(source: string | object): void {
  parameters = { ...readSource(source) };
}

/** Says it of more services, or of some otherwise. */
export function appendAWSWhitelist(source: string | object): void {
  Object.assign(parameters, readSource(source));
}

/** The `aws` of a call: what was asked of which service where, and what may be told of it. */
export function awsCall(service: string, call: AwsCallResult): Record<string, unknown> {
  const { operation, region, requestId, extendedRequestId, retries } = call;
  const name = service.toLowerCase();
  return {
    operation: operation.charAt(0).toUpperCase() + operation.slice(1),
    ...(region && { region }),
    ...(requestId && { request_id: requestId }),
    retries,
    ...(extendedRequestId && name === "s3" && { id_2: extendedRequestId }),
    ...told(parameters[name]?.operations[operation], call),
  };
}

function told(listed: OperationParameters | undefined, { input, output = {} }: AwsCallResult): Members {
  const {
    request_parameters = [],
    request_descriptors = {},
    response_parameters = [],
    response_descriptors = {},
  } = listed ?? {};
  return {
    ...named(request_parameters, input),
    ...described(request_descriptors, input),
    ...named(response_parameters, output),
    ...described(response_descriptors, output),
  };
}

function named(names: readonly string[], values: Members): Members {
  return Object.fromEntries(
    names.filter((name) => values[name] !== undefined).map((name) => [snakeCase(name), values[name]]),
  );
}

function described(descriptors: NonNullable<OperationParameters["request_descriptors"]>, values: Members): Members {
  const found: Record<string, unknown> = {};
  for (const [name, { rename_to, list, get_count, get_keys }] of Object.entries(descriptors)) {
    const value = values[name];
    if (value === undefined) continue;
    const isCounted = list === true && get_count === true;
    const shown = isCounted ? lengthOf(value) : get_keys === true ? Object.keys(value as object) : value;
    found[rename_to ?? snakeCase(name)] = shown;
  }
  return found;
}

function lengthOf(value: unknown): number {
  return Array.isArray(value) ? value.length : 0;
}

function snakeCase(name: string): string {
  return name === "IPAddress"
    ? "ip_address"
    : name
        .split(/(?=[A-Z])/)
        .join("_")
        .toLowerCase();
}

function readSource(source: string | object): AwsParameters {
  if (!source || (typeof source !== "string" && typeof source !== "object")) {
    throw new Error("A whitelist is the path of a file, or an object with what would be in it.");
  }
  const read: unknown = typeof source === "string" ? JSON.parse(readFileSync(source, "utf8")) : source;
  const { services } = read as { services?: AwsParameters };
  if (services === undefined) throw new Error('A whitelist has a member "services", which this one has not.');
  getLogger().info("AWS parameters are recorded as a list of the application's own says.");
  return services;
}
