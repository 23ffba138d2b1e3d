import { readFileSync, writeFileSync } from "node:fs";

/** What Linux gives a UDP socket at most, and by default, where nobody has changed it. */
const stockBytes = 212_992;
const setting = "/proc/sys/net/core/rmem_max";

/** Lets the system give sockets no more than the stock size while `work` runs. Answers undefined where that is not ours to set. */
export async function withStockBuffer<T>(work: () => Promise<T>): Promise<T | undefined> {
  const before = readFileSync(setting, "utf8").trim();
  const restore = (): void => writeFileSync(setting, before);
  try {
    writeFileSync(setting, String(stockBytes));
  } catch (error) {
    console.error(`The stock socket buffer cannot be had: ${error}. Run this as root.`);
    return undefined;
  }
  process.once("exit", restore);
  const end = (): void => process.exit(130);
  process.once("SIGINT", end);
  process.once("SIGTERM", end);
  try {
    return await work();
  } finally {
    restore();
    process.off("exit", restore);
    process.off("SIGINT", end);
    process.off("SIGTERM", end);
  }
}
