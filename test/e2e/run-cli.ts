import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const dist = fileURLToPath(new URL("../../dist/cli/", import.meta.url));

/** The program as it is installed. */
export const mainPath: string = `${dist}main.js`;

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Standard input; empty when absent. */
  readonly input?: string;
  readonly bin?: "main.js" | "call-api.js";
  /** Sent as soon as it returns something to wait for. */
  readonly interruptAfter?: Promise<unknown>;
}

/** Runs the built program to its end, in an environment of its own: UTF-8, no terminal, nobody to ask. */
export async function cli(words: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  const bin = dist + (options.bin ?? "main.js");
  if (!existsSync(bin)) throw new Error("dist/ is not built. Run: npm run build");
  const env = {
    PATH: process.env.PATH ?? "",
    HOME: "/nonexistent",
    LANG: "C.UTF-8",
    AWS_XRAY_DAEMON_ADDRESS: "127.0.0.1:9",
    AWS_ENDPOINT_URL_XRAY: "http://127.0.0.1:9",
    ...options.env,
  };
  const child = spawn(process.execPath, [bin, ...words], { env, stdio: ["pipe", "pipe", "pipe"] });
  child.stdin.on("error", () => child.stdin.destroy());
  child.stdin.end(options.input ?? "");
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  options.interruptAfter?.then(
    () => child.kill("SIGINT"),
    () => child.kill("SIGKILL"),
  );
  const [code] = (await once(child, "close")) as [number | null];
  return { code, stdout, stderr };
}
