import { execFile } from "node:child_process";
import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

export const root: string = fileURLToPath(new URL("../..", import.meta.url));

export interface BuiltPackages {
  readonly folder: string;
  readonly deb: string;
  readonly rpm: string;
}

/** A day that no clock will show again: what depends on it shows. */
const epochSeconds = 1_795_000_000;

/** Builds both packages from dist/ into a new folder. Throws what the script says when it fails. */
export async function buildPackages(): Promise<BuiltPackages> {
  if (!existsSync(join(root, "dist/cli/main.js"))) throw new Error("dist/ is not built. Run: npm run build");
  const folder = mkdtempSync(join(tmpdir(), "fluoroscope-packages-"));
  const { stdout } = await promisify(execFile)(process.execPath, ["scripts/package.mjs", "--built", "--out", folder], {
    cwd: root,
    env: { ...process.env, SOURCE_DATE_EPOCH: String(epochSeconds) },
  });
  const [deb, rpm] = stdout.trim().split("\n");
  return { folder, deb: deb!, rpm: rpm! };
}

/** The first of these programs that is not on the path, as a reason to skip; on CI it is a failure. */
export async function whyNoTool(...programs: readonly string[]): Promise<string | undefined> {
  for (const program of programs) {
    const isThere = await promisify(execFile)("sh", ["-c", `command -v ${program}`]).then(
      () => true,
      () => false,
    );
    if (isThere) continue;
    const reason = `The program ${program} is not installed; .ci/run names its package.`;
    if (process.env.CI) throw new Error(reason);
    return reason;
  }
  return undefined;
}
