import { readFileSync } from "node:fs";
import type { Log } from "../log.ts";
import type { DaemonConfig } from "./daemon-config.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The configuration with its region, which only AWS wants to know. Rejects with `FLUORO_NO_REGION` when AWS is among the
 * destinations and nobody knows one.
 */
export async function withRegion(config: DaemonConfig, environment: Environment, log: Log): Promise<DaemonConfig> {
  if (!config.destinations.includes("aws")) return config;
  const region = config.region ?? (await foundRegion(config, environment, log));
  log.info({ text: `Using region: ${region}`, region }, "region");
  return Object.freeze({ ...config, region });
}

async function foundRegion({ localMode }: DaemonConfig, environment: Environment, log: Log): Promise<string> {
  // On use: who names a region starts the sooner.
  const [{ findRegion }, { instanceMetadata }, { createHttpClient }] = await Promise.all([
    import("./find-region.ts"),
    import("./instance-metadata.ts"),
    import("../forward/http-client.ts"),
  ]);
  const http = createHttpClient();
  const metadata = instanceMetadata(http, environment);
  try {
    return await findRegion({ localMode, environment, readFile: (path) => readFileSync(path, "utf8"), metadata, log });
  } finally {
    await http.close();
  }
}
