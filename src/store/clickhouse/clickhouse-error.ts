import { StoreError } from "../../errors.ts";
import type { ClickHouseAddress } from "./address.ts";

/**
 * What went wrong with a ClickHouse, in our words. Errors of its own have a number; anything else happened on the way
 * there or back, where nobody knows whether the statement was carried out.
 */
export function toStoreError(cause: unknown, { url, username, database }: ClickHouseAddress): StoreError {
  if (cause instanceof StoreError) return cause;
  const { code, message } = cause as { readonly code?: string; readonly message?: string };
  const number = code !== undefined && /^\d+$/.test(code) ? Number(code) : undefined;
  const what = sentence(message ?? String(cause));
  if (number === undefined) {
    const text = `ClickHouse at ${url} does not answer: ${code ?? what}. Start it, or name another with --store.`;
    return new StoreError("FLUORO_STORE_UNREACHABLE", text, { cause, retryable: true });
  }
  if (strangers.has(number)) {
    const text = `ClickHouse at ${url} does not let in ${username}: ${what}. Correct the user and password in --store.`;
    return new StoreError("FLUORO_BAD_CONFIG", text, { cause, retryable: false });
  }
  const retryable = passing.has(number);
  const advice = retryable ? "Try again." : `Look at the server, and at its database ${database}.`;
  const text = `ClickHouse at ${url} failed: ${what} (error ${number}). ${advice}`;
  return new StoreError("FLUORO_STORE_WRITE", text, { cause, retryable });
}

/** UNKNOWN_USER, WRONG_PASSWORD, REQUIRED_PASSWORD, IP_ADDRESS_NOT_ALLOWED, ACCESS_DENIED, AUTHENTICATION_FAILED. */
const strangers: ReadonlySet<number> = new Set([192, 193, 194, 195, 497, 516]);

/** Too busy, too full, shutting down, a replica or the keeper away: by another hour it may work. */
const passing: ReadonlySet<number> = new Set([
  ...[159, 160, 164, 198, 202, 203, 209, 210, 225, 236, 241, 242, 243, 252, 279, 285, 286, 290, 319, 364, 394, 425],
  ...[439, 473, 499, 692, 700, 745, 999],
]);

/** The first line of what the server says, without the sign of its version. */
const sentence = (message: string): string =>
  (message.split("\n")[0] ?? "").replace(/\s*\(version .*$/, "").replace(/[.\s]+$/, "");
