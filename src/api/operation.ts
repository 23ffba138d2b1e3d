import type { Config } from "../config.ts";
import type { Ingest } from "../ingest/ingest.ts";
import type { Log } from "../log.ts";
import type { TraceStore } from "../store/trace-store.ts";
import type { SamplingRules } from "./sampling-rules.ts";

/** What an operation may use. */
export interface Api {
  readonly store: TraceStore;
  readonly ingest: Ingest;
  readonly sampling: SamplingRules;
  readonly config: Pick<Config, "accountId" | "region" | "strictLimits">;
  readonly log: Log;
  /** Milliseconds. */
  readonly now: () => number;
}

/** What an operation may know of the request beside its body. */
interface Caller {
  readonly userAgent: string | undefined;
  /** The client takes partial answers, one JSON text a line, in the order they are given here. */
  readonly onPartial?: (partial: object) => void;
}

/** One operation of the X-Ray API: always `POST`, the body in, the body out. `Needs` names what it uses. */
export interface Operation<Needs extends keyof Api = keyof Api> {
  /** AWS's name. */
  readonly name: string;
  readonly path: string;
  readonly run: (body: unknown, api: Pick<Api, Needs>, caller: Caller) => Promise<object>;
}
