import { readFileSync } from "node:fs";
import { isIPv6 } from "node:net";
import { endianness } from "node:os";

/**
 * Datagrams the system threw away because the buffer of the UDP socket at this address was full; `undefined` where the
 * system does not tell (anything but Linux). No program can count these by itself, which is why they are usually a mystery.
 */
export function kernelDrops(address: string, port: number): number | undefined {
  const table = isIPv6(address) ? "/proc/net/udp6" : "/proc/net/udp";
  const wanted = `${asInTable(address)}:${hex(port, 4)}`;
  try {
    let drops = 0;
    for (const row of readFileSync(table, "latin1").trim().split("\n").slice(1)) {
      const columns = row.trim().split(/\s+/);
      if (columns[1] === wanted) drops += Number(columns.at(-1));
    }
    return drops;
  } catch {
    // Not Linux: nobody knows.
    return undefined;
  }
}

/** As the kernel prints addresses: word by word of four bytes, each a number in this machine's byte order. */
function asInTable(address: string): string {
  const bytes = isIPv6(address) ? bytesOfIPv6(address) : bytesOfIPv4(address);
  const words = Array.from({ length: bytes.length / 4 }, (_, word) => bytes.slice(word * 4, word * 4 + 4));
  return words
    .flatMap((word) => (endianness() === "LE" ? word.reverse() : word))
    .map((byte) => hex(byte, 2))
    .join("");
}

function bytesOfIPv4(address: string): number[] {
  return address.split(".").map(Number);
}

function bytesOfIPv6(address: string): number[] {
  const [head = [], tail] = address.replace(/%.*/, "").split("::").map(bytesOfGroups);
  return tail === undefined ? head : [...head, ...Array<number>(16 - head.length - tail.length).fill(0), ...tail];
}

function bytesOfGroups(groups: string): number[] {
  return groups
    .split(":")
    .filter((group) => group !== "")
    .flatMap((group) => {
      if (group.includes(".")) return bytesOfIPv4(group);
      const value = Number.parseInt(group, 16);
      return [value >> 8, value & 0xff];
    });
}

function hex(value: number, digits: number): string {
  return value.toString(16).toUpperCase().padStart(digits, "0");
}
