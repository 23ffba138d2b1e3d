import { createHash } from "node:crypto";
import { type AwsError, invalidRequest } from "./aws-errors.ts";

/**
 * A token says where to go on, and belongs to one question of one operation: with another it would skip or repeat things
 * silently, so that is refused.
 */
export function nextToken(operation: string, request: object, after: string): string {
  return Buffer.from(JSON.stringify([fingerprint(operation, request), after])).toString("base64url");
}

/** Where to go on; `undefined` from the start. */
export function readToken<R extends { readonly NextToken?: string | undefined }>(
  operation: string,
  request: R,
): string | undefined {
  const token = request.NextToken;
  if (token === undefined || token === "") return undefined;
  const parts = parse(token);
  if (parts === undefined) throw notOurs();
  if (parts[0] !== fingerprint(operation, request)) {
    throw invalidRequest("NextToken belongs to another question: repeat all other members unchanged.");
  }
  return parts[1];
}

/** For an answer that comes as a whole: no token was ever given for it, so whatever is sent as one is refused. */
export function refuseToken(token: string | undefined): void {
  if (token) throw notOurs();
}

/** A page of a short list that is there as a whole, and the member that says where the next one begins. */
export function pageOf<T>(
  operation: string,
  all: readonly T[],
  request: object & { readonly NextToken?: string | undefined },
  size: number,
): { readonly items: readonly T[]; readonly next: { readonly NextToken?: string } } {
  const start = Number(readToken(operation, request) ?? 0);
  const end = start + size;
  return {
    items: all.slice(start, end),
    next: end < all.length ? { NextToken: nextToken(operation, request, String(end)) } : {},
  };
}

function notOurs(): AwsError {
  return invalidRequest("NextToken is not one that was given here.");
}

function parse(token: string): [fingerprint: string, after: string] | undefined {
  try {
    const parts: unknown = JSON.parse(Buffer.from(token, "base64url").toString());
    if (!Array.isArray(parts) || typeof parts[0] !== "string" || typeof parts[1] !== "string") return undefined;
    return [parts[0], parts[1]];
  } catch {
    // Not ours at all, which is what `undefined` says.
    return undefined;
  }
}

function fingerprint(operation: string, request: object): string {
  const members = Object.entries(request).filter(([key]) => key !== "NextToken");
  const canonical = JSON.stringify([operation, ...members.sort(([a], [b]) => (a < b ? -1 : 1))]);
  return createHash("sha256").update(canonical).digest("base64url").slice(0, 16);
}
