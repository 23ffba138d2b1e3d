import { readFileSync } from "node:fs";

/** User and system time of all threads, seconds. The kernel's clock ticks a hundred times a second. */
export function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]!.split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** Resident memory, megabytes. */
export function rssMb(pid: number): number {
  return (Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))![1]) * 1024) / 1e6;
}

/** The part of the time that a program other than these took from the machine's cores since the last call, 0 to 1. */
export function othersShare(): () => number {
  let last = machineTicks();
  return () => {
    const now = machineTicks();
    const share = (now.busy - last.busy) / Math.max(now.all - last.all, 1);
    last = now;
    return share;
  };
}

function machineTicks(): { busy: number; all: number } {
  const [line] = readFileSync("/proc/stat", "utf8").split("\n");
  const ticks = line!.trim().split(/\s+/).slice(1).map(Number);
  const all = ticks.reduce((sum, part) => sum + part, 0);
  return { busy: all - ticks[3]! - ticks[4]!, all };
}

/** Whether a UDP socket is bound to this port, as the kernel lists it. */
export function isUdpBound(port: number): boolean {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, "0")} `;
  return ["/proc/net/udp", "/proc/net/udp6"].some((file) => readFileSync(file, "latin1").includes(wanted));
}

/** Repeats a question until it is answered yes; false when time is up. */
export async function eventually(
  isTrue: () => boolean | Promise<boolean>,
  { everyMs = 20, forMs = 60_000 } = {},
): Promise<boolean> {
  const endMs = performance.now() + forMs;
  for (;;) {
    if (await isTrue()) return true;
    if (performance.now() > endMs) return false;
    await sleep(everyMs);
  }
}

/** Milliseconds. */
export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
