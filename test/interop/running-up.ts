import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const cli = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

/** `fluoroscope up` as a process of its own, on free ports. */
export interface RunningUp {
  /** `host:port` of the UDP side. */
  readonly udp: string;
  /** Base URL of the HTTP side. */
  readonly http: string;
  /** Base URL for OpenTelemetry over HTTP. */
  readonly otlpHttp: string;
  close(): Promise<void>;
}

/** Keeps nothing, unless told where. */
export async function startUp(
  environment: Readonly<Record<string, string>> = {},
  how: readonly string[] = ["--ephemeral"],
): Promise<RunningUp> {
  if (!existsSync(cli)) throw new Error("dist/ is not built. Run: npm run build");
  const flags = ["up", "--port", "0", "--log-format", "json", ...how];
  const child = spawn(process.execPath, [cli, ...flags], {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "inherit", "pipe"],
  });
  const addresses = await readyAddresses(child);
  return { ...addresses, close: () => stop(child) };
}

/** Runs a program to its end and answers what it printed; what it complained of is part of a failure's message. */
export async function run(
  program: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  cwd: string = process.cwd(),
): Promise<{ code: number; output: string }> {
  const env = { ...process.env, ...environment };
  const child = spawn(program, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  const output: string[] = [];
  const complaints: string[] = [];
  child.stdout.setEncoding("utf8").on("data", (text: string) => output.push(text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => complaints.push(text));
  const [code] = (await once(child, "close")) as [number | null];
  if (code === null) throw new Error(`${program} ${args.join(" ")} was killed\n${complaints.join("")}`);
  return { code, output: output.join("") };
}

export async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGTERM");
  await once(child, "exit");
}

async function readyAddresses(child: ChildProcess): Promise<Omit<RunningUp, "close">> {
  const seen: string[] = [];
  for await (const line of createInterface({ input: child.stderr! })) {
    seen.push(line);
    const entry = line.startsWith("{") ? (JSON.parse(line) as ReadyLine) : {};
    if (entry.msg === "ready" && entry.addresses) {
      // What it says from here on is not read; an unread pipe would stop it one day.
      child.stderr!.resume();
      return entry.addresses;
    }
  }
  throw new Error(`fluoroscope up ended before it was ready:\n${seen.join("\n")}`);
}

interface ReadyLine {
  readonly msg?: string;
  readonly addresses?: Omit<RunningUp, "close">;
}
