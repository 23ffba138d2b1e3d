import type { OutgoingHttpHeaders } from "node:http";
import { isLoopback } from "../xray/trust-caller.ts";

/**
 * An origin that is to be looked at: pages of this machine may send their spans, as the page of a shop under development
 * does, from whichever port. Only this machine can name itself so.
 */
export function foreignOrigin(origin: string | undefined): string | undefined {
  return isOfThisMachine(origin) ? undefined : origin;
}

function isOfThisMachine(origin = ""): boolean {
  return URL.canParse(origin) && isLoopback(new URL(origin).hostname);
}

/** What a browser wants to hear before it lets a page send, and read what came back. */
export function crossOrigin(origin: string | undefined): OutgoingHttpHeaders {
  if (origin === undefined) return {};
  return {
    "access-control-allow-origin": origin,
    "access-control-allow-methods": "POST",
    "access-control-allow-headers": "content-type, content-encoding, authorization",
    "access-control-max-age": "7200",
    vary: "Origin",
  };
}
