import { existsSync, readFileSync } from "node:fs";
import type { Finding } from "./finding.ts";

/** What `daemon` and `up` ask the system for, see udp-listener.ts. */
const wantedBufferBytes = 32 * 2 ** 20;
const enoughBufferBytes = 4 * 2 ** 20;
/** This release is younger than any clock that shows less. */
const youngestMs = Date.UTC(2026, 10, 1);
const watchMs = 250;
/** A clock that is slewed moves by half a thousandth at most. */
const steadyMs = 20;

/** The size of socket buffers, and the clock. */
export async function checkSystem(): Promise<Finding[]> {
  return [...checkBuffer(), await checkClock()];
}

/** `file` holds the most that a socket may ask for, as Linux tells it. */
export function checkBuffer(file = "/proc/sys/net/core/rmem_max"): Finding[] {
  if (!existsSync(file)) return [];
  const bytes = Number(readFileSync(file, "utf8"));
  const subject = "UDP buffer";
  if (bytes >= enoughBufferBytes) return [{ kind: "fine", subject, text: `A socket may have ${bytes} bytes.` }];
  const text = `A socket may have ${bytes} bytes; bursts of more than about ${Math.floor(bytes / 1_150)} segments are lost.`;
  return [{ kind: "note", subject, text, remedy: `sudo sysctl -w net.core.rmem_max=${wantedBufferBytes}` }];
}

/** X-Ray orders everything by the clocks of those who send; one that is wrong hides traces. */
export async function checkClock(now: () => number = Date.now): Promise<Finding> {
  const subject = "clock";
  const [wallMs, steadyStartMs] = [now(), performance.now()];
  await new Promise((resolve) => setTimeout(resolve, watchMs));
  const jumpMs = now() - wallMs - (performance.now() - steadyStartMs);
  const at = new Date(wallMs).toISOString().slice(0, 16).replace("T", " ");
  if (wallMs < youngestMs) {
    return {
      kind: "trouble",
      subject,
      text: `The clock shows ${at} UTC, which is past.`,
      remedy: "Set it, best by NTP.",
    };
  }
  if (Math.abs(jumpMs) > steadyMs) {
    const text = `The clock jumped by ${Math.round(jumpMs)} ms while it was looked at.`;
    return {
      kind: "note",
      subject,
      text,
      remedy: "Let one program alone set it, gradually, as chrony and timesyncd do.",
    };
  }
  return { kind: "fine", subject, text: `The clock shows ${at} UTC and goes steadily.` };
}
