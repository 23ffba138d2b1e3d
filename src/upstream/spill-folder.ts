import { join } from "node:path";
import type { Config } from "../config.ts";
import type { Log } from "../log.ts";
import { warnOfLeftSpills } from "../spill/warn-of-left-spills.ts";

type Where = Pick<Config, "dataDir" | "ephemeral" | "upstream">;

/** Where documents wait for an upstream. Each has a folder of its own: what was meant for one does not go to another. */
export function spillFolderOf(upstream: string, { dataDir }: Where): string {
  return join(spillsOf(dataDir), upstream.replace(/[^\w.]+/g, "-").replace(/-$/, ""));
}

/** Says what still waits on disk for an upstream of an earlier start. */
export async function warnOfEarlierUpstreams(config: Where, log: Log): Promise<void> {
  const { dataDir, ephemeral, upstream } = config;
  if (ephemeral) return;
  await warnOfLeftSpills(spillsOf(dataDir), upstream === undefined ? [] : [spillFolderOf(upstream, config)], log);
}

const spillsOf = (dataDir: string): string => join(dataDir, "spill");
