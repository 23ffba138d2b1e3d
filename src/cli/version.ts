import { readFileSync } from "node:fs";

/** The version of this package. */
export function version(): string {
  // Two levels up from `src/cli` as from `dist/cli`.
  const manifest: unknown = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  return String((manifest as { version?: unknown }).version);
}
