import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** Runs a script of `clients/` that reads its task as JSON and prints its report as JSON. */
export async function runScript<Report>(python: string, name: string, task: object): Promise<Report> {
  const script = fileURLToPath(new URL(`clients/${name}`, import.meta.url));
  const child = spawn(python, [script], { stdio: ["pipe", "pipe", "inherit"] });
  child.stdin.end(JSON.stringify(task));
  let printed = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    printed += text;
  });
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`${name} ended with ${code}`);
  return JSON.parse(printed) as Report;
}
