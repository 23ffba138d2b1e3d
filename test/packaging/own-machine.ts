import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/**
 * This machine, with system folders of its own to install into: what is written to /etc, /usr, /var, /opt and /run is seen
 * there alone, and is gone at the end. Its processes and its network are this machine's.
 */
export interface OwnMachine {
  /** Runs a program as root to its end. */
  run(program: string, ...args: readonly string[]): Promise<Ended>;
  /** Starts a program as root, with nothing but these variables; the process is the program's own. */
  start(words: readonly string[], environment?: Readonly<Record<string, string>>): ChildProcess;
  close(): Promise<void>;
}

interface Ended {
  readonly code: number | null;
  /** Standard output and standard error, as they came. */
  readonly said: string;
}

const setUp = `set -e
mount -t tmpfs tmpfs /mnt
for folder in etc usr var opt; do
  mkdir -p /mnt/$folder/upper /mnt/$folder/work
  mount -t overlay overlay -o lowerdir=/$folder,upperdir=/mnt/$folder/upper,workdir=/mnt/$folder/work /$folder
done
mount -t tmpfs tmpfs /run
mkdir -p /run/lock
# The kernel's settings are everybody's.
mount --bind /proc/sys /proc/sys
mount -o remount,bind,ro /proc/sys
echo ready
exec sleep infinity`;

const asRoot = process.getuid?.() === 0 ? [] : ["sudo", "-n"];

/** Opens one, or answers why this machine allows none. Where CI cannot have one, that is a failure. */
export async function openMachine(): Promise<OwnMachine | { readonly reason: string }> {
  const [program, ...args] = [...asRoot, "unshare", "--mount", "--propagation", "private", "sh", "-c", setUp];
  const holder = spawn(program!, args, { stdio: ["ignore", "pipe", "pipe"] });
  const complaint = text(holder.stderr!);
  const failed = once(holder, "error").then(([error]) => String(error));
  const isReady = once(createInterface({ input: holder.stdout! }), "line").then(() => undefined);
  const ended = once(holder, "close").then(() => complaint());
  const why = await Promise.race([isReady, ended, failed]);
  if (why !== undefined) {
    const reason = `There is no namespace to install packages in (root, or sudo without a password, is needed): ${why.trim()}`;
    if (process.env.CI) throw new Error(reason);
    return { reason };
  }

  const enter = (words: readonly string[]): [string, string[]] => {
    const [first, ...rest] = [...asRoot, "nsenter", `--mount=/proc/${holder.pid}/ns/mnt`, "--", ...words];
    return [first!, rest];
  };
  const variables = { PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", LANG: "C.UTF-8" };
  return {
    async run(...words) {
      const env = { ...variables, DEBIAN_FRONTEND: "noninteractive" };
      const child = spawn(...enter(words), { env, stdio: ["ignore", "pipe", "pipe"] });
      const said = text(child.stdout!, child.stderr!);
      const [code] = (await once(child, "close")) as [number | null];
      return { code, said: said() };
    },
    start: (words, environment = {}) =>
      spawn(...enter(words), { env: { ...variables, ...environment }, stdio: ["ignore", "pipe", "pipe"] }),
    async close() {
      if (holder.exitCode !== null || holder.signalCode !== null) return;
      holder.kill("SIGKILL");
      await once(holder, "exit");
    },
  };
}

/** Collects what is written to streams, in the order of arrival. */
export function text(...streams: readonly NodeJS.ReadableStream[]): () => string {
  const parts: string[] = [];
  for (const stream of streams) stream.setEncoding("utf8").on("data", (part: string) => parts.push(part));
  return () => parts.join("");
}
