import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { run } from "../interop/running-up.ts";

const version = "3.4.0";

/** Where chDB is, or why there is none. */
export type Chdb = { readonly folder: string } | { readonly reason: string };

/**
 * chDB is ClickHouse as a library: 546 MB, not for every platform, and so no dependency of ours. It is installed apart, once,
 * into the user's cache. Where that cannot be done, CI fails and others skip.
 */
export async function installChdb(): Promise<Chdb> {
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
  const folder = join(cache, "fluoroscope", `chdb-${version}`);
  const reason = isThere(folder) ? undefined : await whyNoChdb(folder);
  if (reason === undefined) return { folder: join(folder, "node_modules", "chdb") };
  if (process.env.CI) throw new Error(`${reason} CI needs it.`);
  return { reason };
}

const isThere = (folder: string): boolean => existsSync(join(folder, "node_modules", "chdb", "package.json"));

/** Others may be at it too: each installs beside the place, and whoever is first moves it there. */
async function whyNoChdb(folder: string): Promise<string | undefined> {
  await mkdir(dirname(folder), { recursive: true });
  const own = await mkdtemp(`${folder}-`);
  try {
    await writeFile(join(own, "package.json"), '{ "private": true }');
    const install = ["install", "--prefix", own, "--no-audit", "--no-fund", "--ignore-scripts", `chdb@${version}`];
    const { code } = await run("npm", install);
    if (code !== 0) return `chDB ${version} could not be installed from npm.`;
    await rename(own, folder);
    return undefined;
  } catch (error) {
    return isThere(folder) ? undefined : `chDB ${version} could not be installed: ${error}.`;
  } finally {
    await rm(own, { recursive: true, force: true });
  }
}
