import type { NodeId } from "../trace/trace.ts";
import type { Impact } from "./insight.ts";

interface Facts {
  readonly rootCause: NodeId;
  readonly anomalous: readonly NodeId[];
  readonly clientImpact: Impact;
  readonly rootCauseImpact: Impact;
}

/**
 * What an active insight is about. Names come after the first full stop: they have dots of their own, and clients cut
 * the text there.
 */
export function describeActive({ rootCause, anomalous, clientImpact, rootCauseImpact }: Facts): string {
  const others = anomalous.length - 1;
  const also = others === 0 ? "" : ` ${others === 1 ? "Another service is" : `${others} other services are`} affected.`;
  return `${share(rootCauseImpact)} requests fail with a fault, more than usual. The cause is ${shown(rootCause)}.${also} ${clients(clientImpact)}`;
}

/** What a closed one was about, in two sentences before any name: clients show the second. */
export function describeClosed({ rootCause, clientImpact, rootCauseImpact }: Facts, lastedSeconds: number): string {
  const minutes = Math.max(1, Math.round(lastedSeconds / 60));
  return `Faults are back to what is usual. In ${minutes} ${minutes === 1 ? "minute" : "minutes"} ${share(rootCauseImpact)} requests failed with a fault. The cause was ${shown(rootCause)}. ${clients(clientImpact)}`;
}

function share({ fault, total }: Impact): string {
  return `${fault} of ${total}`;
}

function clients(impact: Impact): string {
  return `Clients saw ${share(impact)} requests fail.`;
}

function shown({ name, type }: NodeId): string {
  return type === undefined ? name : `${name} (${type})`;
}
