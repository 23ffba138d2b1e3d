import { FluoroscopeError } from "../errors.ts";
import type { FilterOptions } from "../filter/parser.ts";
import type { Log } from "../log.ts";
import { type KeepPolicy, readKeepPolicy } from "./keep-policy.ts";
import { hasHeld, keepHeld, openTailSampling, type Store, type TailSampling } from "./open-tail-sampling.ts";

/** The settings of tail sampling; durations in seconds. */
export interface TailSettings {
  readonly keep: readonly string[];
  readonly keepRest: number;
  readonly decideAfter: number;
  readonly holdBytes: number;
}

/** However often something comes of a trace, it is decided this long after its first document. */
const longestSeconds = 60;

/** What the settings ask for; nothing where all is kept. Throws `FLUORO_BAD_CONFIG` for rules that cannot be, or change nothing. */
export function tailPolicy({ keep, keepRest }: TailSettings, options: FilterOptions): KeepPolicy | undefined {
  if (keep.length === 0 && keepRest === 1) return undefined;
  const policy = readKeepPolicy({ rules: keep, restShare: keepRest }, options);
  if (keepRest < 1 || policy.rules.some(({ share }) => share < 1)) return policy;
  throw new FluoroscopeError(
    "FLUORO_BAD_CONFIG",
    "--keep says which traces tail sampling keeps, but the rest is kept too. Say how much of it, as --keep-rest 10%.",
  );
}

/**
 * Tail sampling before a store, where there is a policy. Where there is none, what an earlier run with one had left waiting
 * goes to the store.
 */
export async function sampleBefore(
  store: Store,
  options: {
    readonly policy: KeepPolicy | undefined;
    readonly settings: TailSettings;
    /** Where what waits lies on disk; absent: in memory. */
    readonly folder: string | undefined;
    readonly log: Log;
  },
): Promise<TailSampling | undefined> {
  const { policy, settings, folder, log } = options;
  if (policy === undefined) {
    if (folder === undefined || !hasHeld(folder)) return undefined;
    const documents = await keepHeld({ folder, store, log });
    if (documents > 0) log.info({ documents }, "what had waited for tail sampling was kept");
    return undefined;
  }
  // Without rules the id alone decides: there is nothing to wait for.
  const quietMs = policy.rules.length === 0 ? 0 : settings.decideAfter * 1000;
  const waits = { quietMs, longestMs: longestSeconds * 1000, maxBytes: settings.holdBytes };
  const tail = await openTailSampling({ policy, waits, folder, store, log });
  const { waiting } = tail.figures().documents;
  const rules = policy.rules.map(({ text }) => text);
  log.info({ rules, rest: policy.restShare, ...(waiting > 0 && { waiting }) }, "tail sampling is on");
  return tail;
}
