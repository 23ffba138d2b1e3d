import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { FluoroscopeError } from "../errors.ts";
import type { Environment } from "./terminal.ts";

/** A fluoroscope as a program that runs beside us sees it. */
export interface TracingPlace {
  /** Base URL of its API. */
  readonly endpoint: string;
  readonly addresses: { readonly udp: string; readonly otlpHttp?: string | undefined };
}

/** The variables that X-Ray's SDKs, OpenTelemetry's, and X-Ray's clients read, so that all of them meet at one place. */
export function tracingEnvironment(
  { endpoint, addresses: { udp, otlpHttp } }: TracingPlace,
  environment: Environment,
  { usesSdk }: { readonly usesSdk: boolean },
): Record<string, string> {
  return {
    AWS_XRAY_DAEMON_ADDRESS: near(udp, endpoint),
    AWS_ENDPOINT_URL_XRAY: endpoint,
    ...(otlpHttp !== undefined && {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://${near(new URL(otlpHttp).host, endpoint)}`,
      // One port, one protocol: what a program is set to elsewhere would not be understood here.
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf",
    }),
    ...(usesSdk && {
      NODE_OPTIONS: [environment.NODE_OPTIONS, `--import ${quoted(findSdk())}`].filter(Boolean).join(" "),
    }),
  };
}

/** One who listens on all addresses says `0.0.0.0`, which nobody can send to. */
function near(address: string, endpoint: string): string {
  const [, host = "", port = ""] = /^(.*):(\d+)$/.exec(address) ?? [];
  return /^(0\.0\.0\.0|\[::\]|::)$/.test(host) ? `${new URL(endpoint).hostname}:${port}` : address;
}

/** The application's own, else the one that this program was built with, which needs OpenTelemetry's API beside it. */
function findSdk(): string {
  const own = resolved("fluoroscope-sdk/register", join(process.cwd(), "x.js"));
  if (own !== undefined) return pathToFileURL(own).href;
  const ours = fileURLToPath(new URL("../sdk/register.js", import.meta.url));
  if (existsSync(ours) && resolved("@opentelemetry/api", ours) !== undefined) return pathToFileURL(ours).href;
  const message = "--sdk finds no fluoroscope-sdk here. Install it: npm install fluoroscope-sdk @opentelemetry/api.";
  throw new FluoroscopeError("FLUORO_BAD_CONFIG", message);
}

function resolved(name: string, from: string): string | undefined {
  try {
    return createRequire(from).resolve(name);
  } catch {
    // Not there: that is the answer.
    return undefined;
  }
}

/** NODE_OPTIONS is split at blanks. A file URL has no quotes in it. */
const quoted = (url: string): string => (url.includes(" ") ? `"${url}"` : url);
