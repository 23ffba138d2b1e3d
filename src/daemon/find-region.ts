import { FluoroscopeError } from "../errors.ts";
import type { Log } from "../log.ts";
import type { ReadFile } from "./config-file.ts";
import type { InstanceMetadata } from "./instance-metadata.ts";
import { sharedConfigRegion } from "./shared-config-region.ts";

export interface RegionSources {
  /** What flag, cfg.yaml or `AWS_REGION` say. */
  readonly region?: string | undefined;
  readonly localMode: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly readFile: ReadFile;
  readonly metadata: InstanceMetadata;
  readonly log: Log;
}

/**
 * The region to send to: the one that is named, else that of the ECS task, else that of the EC2 machine, else the one
 * that AWS's SDKs use by default, which in local mode is asked at once. Rejects with `FLUORO_NO_REGION` when nobody knows.
 */
export async function findRegion(sources: RegionSources): Promise<string> {
  const found =
    sources.region ??
    (await firstOf(sources.localMode ? [sdkRegion] : [taskRegion, machineRegion, sdkRegion], sources));
  if (found !== undefined) return found;
  const asked = sources.localMode
    ? "nor AWS's configuration file"
    : "ECS, EC2's metadata service nor AWS's configuration file";
  throw new FluoroscopeError(
    "FLUORO_NO_REGION",
    `No region to send to AWS X-Ray in: neither flags, cfg.yaml, environment ${asked} name one. ` +
      "Say -n REGION, set AWS_REGION, or send elsewhere with --to.",
  );
}

type Finder = (sources: RegionSources) => Promise<string | undefined> | string | undefined;

async function firstOf(finders: readonly Finder[], sources: RegionSources): Promise<string | undefined> {
  for (const find of finders) {
    const region = await find(sources);
    // Whatever answers in the place of the metadata service, a login page say, is no region.
    if (region !== undefined && /^[\w-]{1,64}$/.test(region)) return region;
  }
  return undefined;
}

function taskRegion({ environment, readFile, log }: RegionSources): string | undefined {
  if (environment.ECS_ENABLE_CONTAINER_METADATA?.toLowerCase() !== "true") return undefined;
  const path = environment.ECS_CONTAINER_METADATA_FILE ?? "";
  try {
    const about: unknown = JSON.parse(readFile(path));
    const taskArn = typeof about === "object" && about !== null && "TaskARN" in about ? about.TaskARN : undefined;
    const region = typeof taskArn === "string" ? taskArn.split(":")[3] : undefined;
    if (region) return region;
    log.warn({ file: path }, "the ECS metadata file names no TaskARN to take the region from; looking elsewhere");
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    log.warn({ file: path, reason }, "the ECS metadata file cannot be read; looking for the region elsewhere");
  }
  return undefined;
}

async function machineRegion({ metadata }: RegionSources): Promise<string | undefined> {
  const region = await metadata.read("placement/region");
  if (region !== undefined) return region;
  // Older services know the zone alone, which is the region and a letter.
  return /^([a-z]+(?:-[a-z]+)+-\d+)[a-z]$/.exec((await metadata.read("placement/availability-zone")) ?? "")?.[1];
}

function sdkRegion({ environment, readFile }: RegionSources): string | undefined {
  return environment.AWS_DEFAULT_REGION || sharedConfigRegion(environment, readFile);
}
