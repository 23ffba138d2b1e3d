import { FluoroscopeError } from "../errors.ts";

/** What those who append are told when the disk took nothing. */
export function writeError(folder: string, cause: unknown): unknown {
  if (cause instanceof FluoroscopeError) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new FluoroscopeError(
    "FLUORO_SPILL_WRITE",
    `The spill in ${folder} cannot be written (${reason}). Make room there, or let this user write there; it is tried again now and then.`,
    { cause },
  );
}

/** What those who open a spill are told when there can be none in the folder. */
export function openError(folder: string, cause: unknown): FluoroscopeError {
  if (cause instanceof FluoroscopeError) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new FluoroscopeError(
    "FLUORO_SPILL_WRITE",
    `The spill's folder ${folder} cannot be used (${reason}). Let this user make and write it, or name another with --spill-dir.`,
    { cause },
  );
}
