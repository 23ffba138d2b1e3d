import { homedir } from "node:os";
import { join } from "node:path";
import type { ReadFile } from "./config-file.ts";

/** The region of the profile in AWS's configuration file, as its SDKs read it; `undefined` when there is none. */
export function sharedConfigRegion(
  environment: Readonly<Record<string, string | undefined>>,
  readFile: ReadFile,
): string | undefined {
  const profile = environment.AWS_PROFILE || "default";
  const wanted = new Set([`profile ${profile}`, ...(profile === "default" ? ["default"] : [])]);
  let section = "";
  for (const line of linesOf(environment, readFile)) {
    section = /^\s*\[\s*(.+?)\s*\]/.exec(line)?.[1]?.replace(/\s+/g, " ") ?? section;
    // An indented line belongs to the setting above it.
    const region = /^region\s*=\s*([^\s#;]+)/.exec(line)?.[1];
    if (region !== undefined && wanted.has(section)) return region;
  }
  return undefined;
}

function linesOf(environment: Readonly<Record<string, string | undefined>>, readFile: ReadFile): string[] {
  try {
    const path = environment.AWS_CONFIG_FILE || join(environment.HOME || homedir(), ".aws", "config");
    return readFile(path).split(/\r?\n/);
  } catch {
    // No home, no file, no permission: no region.
    return [];
  }
}
