import { setFlagsFromString } from "node:v8";

/**
 * Leaves V8's space for young objects as small as it begins (2 MB). It grows to 32 MB when much is made and dropped, as
 * datagrams are, and none of that is ever given back. Measured at 20,000 segments of 1 KB a second: 73 instead of 107 MB
 * of memory, at the same processor time and the same highest rate. For a process that does nothing else: code that keeps
 * much for a little while runs slower with it.
 */
export function keepHeapSmall(): void {
  setFlagsFromString("--semi-space-growth-factor=1");
}
