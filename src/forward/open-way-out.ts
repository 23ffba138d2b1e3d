import { readFileSync } from "node:fs";
import { FluoroscopeError } from "../errors.ts";
import type { Log } from "../log.ts";
import type { Destination } from "./destination.ts";
import { createHttpClient, type HttpClient } from "./http-client.ts";
import { userAgent } from "./user-agent.ts";
import type { WayOut } from "./way-out.ts";
import { openXrayApi, type XrayApi } from "./xray-api.ts";
import { xrayWayOut } from "./xray-way-out.ts";

/** What a way out needs of the daemon's configuration, under the same names, and of the world around it. */
export interface WayOutOptions {
  /** Needed for AWS. */
  readonly region?: string | undefined;
  /** Instead of the region's own endpoint. */
  readonly endpoint?: string | undefined;
  readonly roleArn?: string | undefined;
  readonly externalId?: string | undefined;
  readonly proxyAddress?: string | undefined;
  readonly verifyTls?: boolean | undefined;
  readonly caFile?: string | undefined;
  /** Most requests at a time. */
  readonly concurrency?: number | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
  /** Of fluoroscope, for the user agent. */
  readonly version: string;
  /** Names this fluoroscope to others that it sends to. */
  readonly id?: string | undefined;
  /** Milliseconds. */
  readonly now?: () => number;
}

/** A way out, and the X-Ray API behind it where there is one. Closing the way out closes both. */
export interface OpenedWayOut {
  readonly wayOut: WayOut;
  readonly api?: XrayApi;
}

/** Besides documents: telemetry, and what comes through the TCP port. */
const otherRequests = 8;

/**
 * Opens the way to a destination. Nothing is asked of anybody before the first request, credentials neither; rejects when
 * the configuration cannot be right (`FLUORO_NO_REGION`, `FLUORO_BAD_CONFIG`).
 */
export async function openWayOut(destination: Destination, options: WayOutOptions): Promise<OpenedWayOut> {
  const http = openHttp(options);
  const { environment, log, version, now = Date.now } = options;
  const agent = userAgent(version, environment);
  switch (destination.kind) {
    case "aws":
      return opened(await openAws(http, agent, options), now);
    case "xray": {
      const { url } = destination;
      return opened(openXrayApi({ name: url.origin, endpoint: url, http, userAgent: agent, id: options.id }), now);
    }
    case "otlp": {
      // Translating needs half of the trace model: on use.
      const [{ otlpWayOut }, { readOtlpHeaders }] = await Promise.all([
        import("./otlp-way-out.ts"),
        import("./otlp-headers.ts"),
      ]);
      const headers = readOtlpHeaders(environment);
      return { wayOut: otlpWayOut({ url: destination.url, http, headers, userAgent: agent, log, now }) };
    }
  }
}

async function openAws(http: HttpClient, agent: string, options: WayOutOptions): Promise<XrayApi> {
  const { region, environment, endpoint, log, now = Date.now } = options;
  if (region === undefined) {
    const message =
      "Nothing says in which AWS region X-Ray is. Use -n eu-central-1, Region in cfg.yaml, or AWS_REGION.";
    throw new FluoroscopeError("FLUORO_NO_REGION", message);
  }
  // Signing is for AWS alone.
  const [{ openCredentials }, { createSignedSender }, { xrayEndpoint }] = await Promise.all([
    import("./credentials.ts"),
    import("./send-signed.ts"),
    import("./endpoint.ts"),
  ]);
  const { roleArn, externalId } = options;
  const credentials = openCredentials({ environment, region, roleArn, externalId, http, now });
  const send = createSignedSender({ http, credentials, region, log, now });
  const address = xrayEndpoint({ region, environment, endpoint });
  return openXrayApi({ name: `aws ${region}`, endpoint: address, http, userAgent: agent, send });
}

function opened(api: XrayApi, now: () => number): OpenedWayOut {
  return { wayOut: xrayWayOut(api, now), api };
}

function openHttp({ proxyAddress, verifyTls, caFile, concurrency = 8, environment }: WayOutOptions): HttpClient {
  const ca = caFile ?? (environment.AWS_CA_BUNDLE || undefined);
  return createHttpClient({
    proxy: proxyAddress,
    httpsProxy: environment.HTTPS_PROXY || environment.https_proxy,
    noProxy: environment.NO_PROXY || environment.no_proxy,
    verifyTls,
    ca: ca === undefined ? undefined : readCa(ca),
    maxSockets: concurrency + otherRequests,
  });
}

function readCa(path: string): string {
  try {
    const pem = readFileSync(path, "utf8");
    if (pem.includes("-----BEGIN CERTIFICATE-----")) return pem;
  } catch (cause) {
    throw new FluoroscopeError("FLUORO_BAD_CONFIG", `The certificates in ${path} cannot be read. Check the path.`, {
      cause,
    });
  }
  throw new FluoroscopeError("FLUORO_BAD_CONFIG", `${path} holds no certificate. Name a file in PEM format.`);
}
