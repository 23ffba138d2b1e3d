import type { Config } from "../config.ts";
import type { ReturnedDocuments } from "../forward/returned-documents.ts";
import type { Ingest } from "../ingest/ingest.ts";
import type { InsightStore } from "../insights/insight.ts";
import type { Log } from "../log.ts";
import type { Targets } from "../sampling/answer-reports.ts";
import type { SettingsStore } from "../settings/settings.ts";
import type { TraceStore } from "../store/trace-store.ts";
import type { Deed } from "./authenticate.ts";
import type { Check } from "./validate.ts";

/** What an operation may use. */
export interface Api {
  readonly store: TraceStore;
  readonly ingest: Ingest;
  /** Where documents or calls are sent on. */
  readonly returned?: ReturnedDocuments | undefined;
  readonly settings: SettingsStore;
  readonly insights: InsightStore;
  /** What is known of the samplers that report here. */
  readonly targets: Targets;
  readonly config: Pick<Config, "accountId" | "region" | "strictLimits" | "awsChoices">;
  readonly log: Log;
  /** Milliseconds. */
  readonly now: () => number;
}

/** What an operation may know of the request beside its body. */
interface Caller {
  readonly userAgent: string | undefined;
  /** The fluoroscopes that it has come through, see `viaHeader`. */
  readonly via?: string | undefined;
  /** The id of the access key, where keys are asked for. */
  readonly key?: string | undefined;
  /** From where. */
  readonly address?: string;
  /** The client takes partial answers, one JSON text a line, in the order they are given here. */
  readonly onPartial?: (partial: object) => void;
}

/** One operation of the X-Ray API: always `POST`, the body in, the body out. `Needs` names what it uses. */
export interface Operation<Needs extends keyof Api = keyof Api> {
  /** AWS's name. */
  readonly name: string;
  readonly path: string;
  /** `manage` changes settings and is written into the audit log; `sample` is what every sampler has to ask. */
  readonly access: Deed;
  /** What fits as its body; what does not is refused before anything else is done. */
  readonly request: Check<object>;
  readonly run: (body: unknown, api: Pick<Api, Needs>, caller: Caller) => Promise<object>;
}

interface Definition<Members extends object, Needs extends keyof Api> {
  readonly name: string;
  readonly path: string;
  readonly access: Operation["access"];
  readonly request: Check<Members>;
  readonly run: (members: Members, api: Pick<Api, Needs>, caller: Caller) => Promise<object>;
}

/** An operation that sees its body only when it fits. */
export function operation<Members extends object, Needs extends keyof Api = keyof Api>(
  definition: Definition<Members, Needs>,
): Operation<Needs> {
  const { request, run } = definition;
  return { ...definition, run: async (body, api, caller) => run(request(body, ""), api, caller) };
}
