import type { State } from "./icon-paths.ts";

/** The four classes that a call falls in, best first. */
export const states: readonly State[] = ["ok", "error", "throttle", "fault"];
