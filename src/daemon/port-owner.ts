import { readdirSync, readFileSync, readlinkSync } from "node:fs";

export type Transport = "udp" | "tcp";

/**
 * Who holds a port, as `dotnet (pid 4711)`, where Linux's /proc tells; `undefined` elsewhere, and for a process of
 * another user. Only asked when binding has failed, so its walk over all processes costs nobody anything.
 */
export function portOwner(transport: Transport, port: number): string | undefined {
  try {
    const inodes = socketInodes(transport, port);
    return inodes.size === 0 ? undefined : processHolding(inodes);
  } catch {
    // No /proc here: then nobody knows, and the message says so in general words.
    return undefined;
  }
}

function socketInodes(transport: Transport, port: number): Set<string> {
  const wanted = port.toString(16).toUpperCase().padStart(4, "0");
  const listening = transport === "tcp" ? "0A" : "07";
  const inodes = new Set<string>();
  for (const table of [transport, `${transport}6`]) {
    const rows = readFileSync(`/proc/net/${table}`, "utf8").trim().split("\n").slice(1);
    for (const row of rows) {
      const [, local, , state, , , , , , inode] = row.trim().split(/\s+/);
      if (local?.endsWith(`:${wanted}`) && state === listening && inode !== undefined) inodes.add(`socket:[${inode}]`);
    }
  }
  return inodes;
}

function processHolding(inodes: ReadonlySet<string>): string | undefined {
  for (const pid of readdirSync("/proc")) {
    if (!/^\d+$/.test(pid)) continue;
    try {
      const descriptors = readdirSync(`/proc/${pid}/fd`);
      if (!descriptors.some((fd) => inodes.has(linkOf(`/proc/${pid}/fd/${fd}`)))) continue;
      return `${readFileSync(`/proc/${pid}/comm`, "utf8").trim()} (pid ${pid})`;
    } catch {
      // Gone meanwhile, or not ours to look at: the next one may be.
    }
  }
  return undefined;
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    // Closed between the listing and now.
    return "";
  }
}
