import type { Trouble } from "./breaker.ts";
import type { OutboxHealth } from "./outbox-figures.ts";

/** Puts into a sentence why documents do not get out, or are not safe. */
export function describeHealth(state: {
  readonly name: string;
  readonly trouble: Trouble | undefined;
  readonly diskTrouble: Trouble | undefined;
  readonly isDropping: boolean;
  readonly inMemory: number;
  readonly onDisk: number;
}): OutboxHealth {
  const { name, trouble, diskTrouble, isDropping, inMemory, onDisk } = state;
  const sentences: string[] = [];
  if (trouble !== undefined) {
    const waiting = `${count(inMemory)} wait in memory, ${count(onDisk)} on disk.`;
    sentences.push(`Since ${clock(trouble)} no segments get out to ${name}; ${waiting} ${trouble.message}`);
  }
  if (diskTrouble !== undefined) sentences.push(`Since ${clock(diskTrouble)}: ${diskTrouble.message}`);
  if (isDropping) sentences.push("There is no room left, and the oldest segments are being dropped.");
  return sentences.length === 0 ? { state: "ready" } : { state: "degraded", reason: sentences.join(" ") };
}

const count = (documents: number): string => String(documents).replace(/\B(?=(\d{3})+$)/g, ",");

const clock = ({ sinceMs }: Trouble): string => new Date(sinceMs).toISOString();
