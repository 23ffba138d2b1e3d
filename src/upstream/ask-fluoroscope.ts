import type { Status } from "../api/wire.ts";
import type { XrayApi } from "../forward/xray-api.ts";

const timeoutMs = 2_000;
/** Who is there does not change often, and this is asked often. */
const freshMs = 5_000;

/**
 * What a fluoroscope behind an X-Ray API says of itself, at most so old. `undefined` while nobody answers, or when it is
 * something else that answers: a daemon, or AWS.
 */
export function askFluoroscope(api: XrayApi, now: () => number = Date.now): () => Promise<Status | undefined> {
  let asked: { readonly atMs: number; readonly status: Promise<Status | undefined> } | undefined;
  return () => {
    if (asked === undefined || now() - asked.atMs > freshMs) asked = { atMs: now(), status: readStatus(api) };
    return asked.status;
  };
}

async function readStatus(api: XrayApi): Promise<Status | undefined> {
  try {
    const answer = await api.request({ method: "GET", path: "/api/status", body: new Uint8Array(), timeoutMs });
    const said: unknown = answer.status === 200 ? JSON.parse(answer.body.toString()) : undefined;
    const isStatus = typeof said === "object" && said !== null && "store" in said && "counters" in said;
    return isStatus ? (said as Status) : undefined;
  } catch {
    // Nobody there, or nobody who speaks JSON: whoever asks for more hears why.
    return undefined;
  }
}
