import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mainPath } from "../../test/e2e/run-cli.ts";

/** fluoroscope as it is installed, in a process of its own. */
export interface BuiltServer {
  /** As `http://127.0.0.1:2000`. */
  readonly origin: string;
  close(): Promise<void>;
}

/** Starts the built program; without a folder with a store it keeps nothing. */
export async function startBuiltServer(folder?: string): Promise<BuiltServer> {
  if (!existsSync(mainPath)) throw new Error("dist/ is not built. Run: npm run build");
  const kept = folder === undefined ? ["--ephemeral"] : ["--data-dir", folder, "--retention", "36500d"];
  const child = spawn(process.execPath, [mainPath, "up", "--port", "0", ...kept], {
    env: { PATH: process.env.PATH ?? "", HOME: "/nonexistent" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const origin = await readyOrigin(child);
  return {
    origin,
    async close() {
      child.kill("SIGTERM");
      await once(child, "exit");
    },
  };
}

/** Posts documents, fifty a call, each of which is on disk when its call is answered. */
export async function putDocuments(origin: string, documents: readonly string[]): Promise<void> {
  for (let at = 0; at < documents.length; at += 50) {
    const body = JSON.stringify({ TraceSegmentDocuments: documents.slice(at, at + 50) });
    const answer = await fetch(`${origin}/TraceSegments`, { method: "POST", body });
    if (!answer.ok) throw new Error(await answer.text());
  }
}

/** Where the console is, from the line that says that it is ready. */
async function readyOrigin({ stderr }: ChildProcess): Promise<string> {
  let said = "";
  for await (const text of stderr!.setEncoding("utf8").iterator({ destroyOnReturn: false })) {
    said += text;
    const [, origin] = /"http":"([^"]+)"/.exec(said) ?? [];
    if (origin === undefined) continue;
    stderr!.resume();
    return origin;
  }
  throw new Error(`fluoroscope did not start: ${said}`);
}
