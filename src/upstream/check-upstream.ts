import type { Config } from "../config.ts";
import { FluoroscopeError } from "../errors.ts";
import { parseDestination } from "../forward/destination.ts";
import { isLoopback } from "../xray/trust-caller.ts";

/** Throws `FLUORO_BAD_CONFIG` when the settings about an upstream do not go together. */
export function checkUpstream({ upstream, noStore, upstreamEndpoint, upstreamRole, host, port }: Config): void {
  if (upstream === undefined) {
    const flag = noStore ? "--no-store" : upstreamEndpoint ? "--upstream-endpoint" : upstreamRole && "--upstream-role";
    if (flag) throw badConfig(`${flag} says nothing without --upstream. Say where to: --upstream aws, or a URL.`);
    return;
  }
  const destination = parseDestination(upstream);
  if (destination.kind === "otlp" && noStore) {
    const why = "an OpenTelemetry receiver has no X-Ray API that could be asked for traces";
    throw badConfig(`--no-store with --upstream ${upstream}: ${why}. Name an X-Ray API, or leave --no-store out.`);
  }
  const address = destination.kind === "aws" ? upstreamEndpoint : destination.url.href;
  if (address !== undefined && leadsTo(address, host, port)) {
    throw badConfig(`The upstream ${address} is this fluoroscope itself. Name another one, or take another --port.`);
  }
}

function leadsTo(address: string, host: string, port: number): boolean {
  if (!URL.canParse(address)) return false;
  const url = new URL(address);
  const name = url.hostname.replace(/^\[|\]$/g, "");
  return Number(url.port) === port && port !== 0 && (name === host || isLoopback(name));
}

function badConfig(message: string): FluoroscopeError {
  return new FluoroscopeError("FLUORO_BAD_CONFIG", message);
}
