/** The four classes that something falls in, best first. */
export type State = "ok" | "error" | "throttle" | "fault";

/** The one class that something falls in: fault, else throttle, else error, else ok. */
export function stateOf(flags: {
  readonly fault: boolean;
  readonly error: boolean;
  readonly throttle: boolean;
}): State {
  if (flags.fault) return "fault";
  if (flags.throttle) return "throttle";
  return flags.error ? "error" : "ok";
}
