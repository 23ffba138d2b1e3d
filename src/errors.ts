/** Every code a caller may meet; each has its heading in docs/reference/errors.md. */
export type ErrorCode =
  | "FLUORO_BAD_CONFIG"
  | "FLUORO_BAD_DAEMON_ADDRESS"
  | "FLUORO_BAD_URL"
  | "FLUORO_FILTER_SYNTAX"
  | "FLUORO_FORWARD"
  | "FLUORO_NO_CREDENTIALS"
  | "FLUORO_NO_REGION"
  | "FLUORO_NOT_REACHABLE"
  | "FLUORO_PORT_IN_USE"
  | "FLUORO_REFUSED"
  | "FLUORO_SETTINGS_DAMAGED"
  | "FLUORO_SETTINGS_WRITE"
  | "FLUORO_SPILL_IN_USE"
  | "FLUORO_SPILL_WRITE"
  | "FLUORO_STORE_CLOSED"
  | "FLUORO_STORE_DAMAGED"
  | "FLUORO_STORE_DRIVER_MISSING"
  | "FLUORO_STORE_IN_USE"
  | "FLUORO_STORE_NEWER"
  | "FLUORO_STORE_OLDER"
  | "FLUORO_STORE_UNREACHABLE"
  | "FLUORO_STORE_WRITE";

/**
 * Broken surroundings or misuse. The message says what happened, where, and what to do next.
 * Compare `code`, never `instanceof`: two copies of the package may be loaded.
 */
export class FluoroscopeError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "FluoroscopeError";
    this.code = code;
  }
}

/** A filter expression that cannot be read. `at` is the 0-based offset of the offending character in the text. */
export class FilterSyntaxError extends FluoroscopeError {
  readonly at: number;
  readonly expected: readonly string[];

  constructor(message: string, at: number, expected: readonly string[] = []) {
    super("FLUORO_FILTER_SYNTAX", message);
    this.name = "FilterSyntaxError";
    this.at = at;
    this.expected = expected;
  }
}

/** The store could not do its work. `retryable` says whether the same call may succeed later. */
export class StoreError extends FluoroscopeError {
  readonly retryable: boolean;

  constructor(code: ErrorCode, message: string, options: { cause?: unknown; retryable: boolean }) {
    super(code, message, options);
    this.name = "StoreError";
    this.retryable = options.retryable;
  }
}
