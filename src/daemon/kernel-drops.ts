import { readFileSync } from "node:fs";

/**
 * Datagrams the system threw away on this UDP port because the socket's buffer was full; `undefined` where the system
 * does not tell (anything but Linux). No program can count these by itself, which is why they are usually a mystery.
 */
export function kernelDrops(port: number): number | undefined {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  try {
    let drops = 0;
    for (const table of ["/proc/net/udp", "/proc/net/udp6"]) {
      for (const row of readFileSync(table, "utf8").trim().split("\n").slice(1)) {
        const columns = row.trim().split(/\s+/);
        if (columns[1]?.endsWith(wanted)) drops += Number(columns.at(-1));
      }
    }
    return drops;
  } catch {
    // Not Linux: nobody knows.
    return undefined;
  }
}
