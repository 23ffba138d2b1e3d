/** When each step of one HTTP exchange was reached, epoch milliseconds. Steps that were not reached, or not needed, are absent. */
export interface Marks {
  readonly start: number;
  /** The host's address is known. */
  readonly resolved?: number;
  /** TCP. */
  readonly connected?: number;
  /** TLS. */
  readonly secured?: number;
  /** The response's head has come. */
  readonly firstByte?: number;
  readonly end: number;
}

/** Which steps the connection takes. */
export interface Way {
  /** The host is a name, not an IP address. */
  readonly isNamed: boolean;
  readonly isTls: boolean;
  /** The connection was open already. */
  readonly isReused: boolean;
}

export type PhaseName = "DNS" | "connect" | "TLS" | "wait" | "download";

export interface Phase {
  readonly name: PhaseName;
  readonly startMs: number;
  readonly endMs: number;
}

/**
 * The phases of an exchange, one after the other without gaps. `wait` is from the open connection to the response's
 * head, so the request's body is in it. Where the exchange failed, the last phase is the one it failed in.
 */
export function phasesOf(marks: Marks, way: Way): Phase[] {
  const steps: (readonly [name: PhaseName, isNeeded: boolean, reached: number | undefined])[] = [
    ["DNS", way.isNamed && !way.isReused, marks.resolved],
    ["connect", !way.isReused, marks.connected],
    ["TLS", way.isTls && !way.isReused, marks.secured],
    ["wait", true, marks.firstByte],
    ["download", true, marks.end],
  ];
  const phases: Phase[] = [];
  let at = marks.start;
  for (const [name, isNeeded, reached] of steps) {
    if (!isNeeded) continue;
    phases.push({ name, startMs: at, endMs: reached ?? marks.end });
    if (reached === undefined) break;
    at = reached;
  }
  return phases;
}
