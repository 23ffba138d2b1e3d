import { hostname } from "node:os";
import { dirname, join } from "node:path";
import type { Attributes } from "@opentelemetry/api";
import { lazyFs } from "./lazy-builtins.ts";
import { packageVersion } from "./package-version.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** Where a process runs, as far as its environment tells: nothing is asked over a network. */
export function detectResource(environment: Environment, name: string): Attributes {
  return {
    ...platformOf(environment),
    ...readPairs(environment.OTEL_RESOURCE_ATTRIBUTES),
    "service.name": name,
    "telemetry.sdk.name": "fluoroscope-sdk",
    "telemetry.sdk.language": "nodejs",
    "telemetry.sdk.version": packageVersion,
    ...runtimeOf(process.versions),
  };
}

/** Bun and Deno name a version of Node, too: the one that they are like. */
function runtimeOf({ bun, deno, node }: Readonly<Record<string, string | undefined>>): Attributes {
  const [name, version] = bun ? ["bun", bun] : deno ? ["deno", deno] : ["node", `v${node}`];
  return { "process.runtime.name": name, "process.runtime.version": version };
}

function platformOf(environment: Environment): Attributes {
  const region = environment.AWS_REGION ?? environment.AWS_DEFAULT_REGION;
  if (environment.AWS_LAMBDA_FUNCTION_NAME !== undefined) {
    return present({
      "cloud.provider": "aws",
      "cloud.platform": "aws_lambda",
      "cloud.region": region,
      "faas.name": environment.AWS_LAMBDA_FUNCTION_NAME,
      "faas.version": environment.AWS_LAMBDA_FUNCTION_VERSION,
    });
  }
  if (environment.ECS_CONTAINER_METADATA_URI_V4 ?? environment.ECS_CONTAINER_METADATA_URI) {
    // In ECS, a container's host name is the beginning of its id.
    const container = hostname();
    return present({
      "cloud.provider": "aws",
      "cloud.platform": "aws_ecs",
      "cloud.region": region,
      "container.name": container,
      "aws.ecs.launchtype": environment.AWS_EXECUTION_ENV?.replace(/^AWS_ECS_/, "").toLowerCase(),
    });
  }
  return {};
}

function present(attributes: Readonly<Record<string, string | undefined>>): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined));
}

/** `key=value,key=value`, percent-encoded. What cannot be read is left out. */
function readPairs(text: string | undefined): Record<string, string> {
  const pairs = (text ?? "").split(",").map((pair) => pair.split("="));
  return Object.fromEntries(
    pairs.flatMap(([key = "", ...value]) => (key.trim() === "" ? [] : [[key.trim(), decode(value.join("=").trim())]])),
  );
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A lone percent sign: it means itself.
    return text;
  }
}

/** The segment's name: what the environment says, what the code says, or the name in the application's package.json. */
export function findServiceName(environment: Environment, given: string | undefined): string {
  const resource = readPairs(environment.OTEL_RESOURCE_ATTRIBUTES);
  return (
    environment.AWS_XRAY_TRACING_NAME ||
    environment.OTEL_SERVICE_NAME ||
    given ||
    resource["service.name"] ||
    environment.AWS_LAMBDA_FUNCTION_NAME ||
    environment.npm_package_name ||
    packageName(dirname(process.argv[1] ?? join(process.cwd(), "."))) ||
    "unknown_service"
  );
}

/** The name in the nearest package.json that has one. */
function packageName(folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    try {
      const { name } = JSON.parse(lazyFs().readFileSync(join(at, "package.json"), "utf8")) as { name?: unknown };
      if (typeof name === "string" && name !== "") return name;
    } catch {
      // None here, or none that can be read: the next folder may have one.
    }
    if (dirname(at) === at) return undefined;
  }
}
