import { FluoroscopeError } from "../errors.ts";

interface Partition {
  readonly regions: RegExp;
  readonly suffix: string;
  readonly dualStackSuffix: string;
  /** The region whose STS answers when another one's is switched off. */
  readonly primaryRegion: string;
}

/** AWS's separate clouds, by their regions' names. Whatever fits none is taken for a new region of the first. */
const partitions: readonly Partition[] = [
  {
    regions: /^cn-/,
    suffix: "amazonaws.com.cn",
    dualStackSuffix: "api.amazonwebservices.com.cn",
    primaryRegion: "cn-north-1",
  },
  { regions: /^us-gov-/, suffix: "amazonaws.com", dualStackSuffix: "api.aws", primaryRegion: "us-gov-west-1" },
  { regions: /^us-iso-/, suffix: "c2s.ic.gov", dualStackSuffix: "api.aws.ic.gov", primaryRegion: "us-iso-east-1" },
  { regions: /^us-isob-/, suffix: "sc2s.sgov.gov", dualStackSuffix: "api.aws.scloud", primaryRegion: "us-isob-east-1" },
  {
    regions: /^eu-isoe-/,
    suffix: "cloud.adc-e.uk",
    dualStackSuffix: "api.cloud-aws.adc-e.uk",
    primaryRegion: "eu-isoe-west-1",
  },
  {
    regions: /^us-isof-/,
    suffix: "csp.hci.ic.gov",
    dualStackSuffix: "api.aws.hci.ic.gov",
    primaryRegion: "us-isof-south-1",
  },
  {
    regions: /^eusc-/,
    suffix: "amazonaws.eu",
    dualStackSuffix: "api.amazonwebservices.eu",
    primaryRegion: "eusc-de-east-1",
  },
  { regions: /^/, suffix: "amazonaws.com", dualStackSuffix: "api.aws", primaryRegion: "us-east-1" },
];

export interface EndpointOptions {
  readonly region: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** From the configuration; comes before everything else. */
  readonly endpoint?: string | undefined;
}

/** AWS X-Ray's address in a region, or wherever the configuration or AWS's own variables say. */
export function xrayEndpoint({ region, environment, endpoint }: EndpointOptions): URL {
  return endpoint ? readEndpoint(endpoint, "the endpoint") : awsEndpoint("xray", region, environment);
}

/** A service's address in a region; `AWS_ENDPOINT_URL_STS` and the like come first, as in AWS's SDKs. */
export function awsEndpoint(service: "xray" | "sts", region: string, environment: EndpointOptions["environment"]): URL {
  if (!isOn(environment.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS)) {
    for (const variable of [`AWS_ENDPOINT_URL_${service.toUpperCase()}`, "AWS_ENDPOINT_URL"]) {
      const value = environment[variable];
      if (value) return readEndpoint(value, variable);
    }
  }
  if (!/^[a-z0-9-]{1,63}$/i.test(region)) {
    const message = `The region ${JSON.stringify(region)} is not a region's name. Write it as eu-central-1.`;
    throw new FluoroscopeError("FLUORO_BAD_CONFIG", message);
  }
  const { suffix, dualStackSuffix } = partitionOf(region);
  const name = isOn(environment.AWS_USE_FIPS_ENDPOINT) ? `${service}-fips` : service;
  const end = isOn(environment.AWS_USE_DUALSTACK_ENDPOINT) ? dualStackSuffix : suffix;
  return new URL(`https://${name}.${region}.${end}`);
}

/** The region of the same cloud that is always switched on. */
export function primaryRegion(region: string): string {
  return partitionOf(region).primaryRegion;
}

function partitionOf(region: string): Partition {
  return partitions.find(({ regions }) => regions.test(region))!;
}

function readEndpoint(text: string, source: string): URL {
  const address = text.includes("://") ? text : `https://${text}`;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol)) return url;
  const message = `${JSON.stringify(text.replace(/[^/]*@/, ""))} (${source}) is not a URL. Write it as https://host.`;
  throw new FluoroscopeError("FLUORO_BAD_CONFIG", message);
}

function isOn(value: string | undefined): boolean {
  return value?.toLowerCase() === "true";
}
