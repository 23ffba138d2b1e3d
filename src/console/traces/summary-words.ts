import { shortUrl } from "../../analysis/short-url.ts";
import type { WireTraceSummary } from "../../api/wire.ts";
import type { State } from "../ui/icon-paths.ts";

/** How a trace is named in a list. */
export interface EntryWords {
  /** `GET`; absent where the entry is no HTTP request. */
  readonly method?: string;
  /** The path with its query, or the service's name. */
  readonly title: string;
  readonly service: string;
}

/** What a trace is about: the request that came in, and who took it. */
export function entryWords({ Http, EntryPoint, ServiceIds }: WireTraceSummary): EntryWords {
  const service = EntryPoint?.Name ?? ServiceIds.find(({ Type }) => Type !== "client")?.Name ?? "unknown";
  const { HttpMethod: method, HttpURL: url } = Http;
  if (url === undefined) return { ...(method !== undefined && { method }), title: service, service };
  return { ...(method !== undefined && { method }), title: shortUrl(url), service };
}

/** How a trace went for whoever asked: by its entry. */
export function traceState({ HasFault, HasError, HasThrottle }: WireTraceSummary): State {
  if (HasFault) return "fault";
  if (HasError) return HasThrottle ? "throttle" : "error";
  return "ok";
}

/** What is worth knowing of a trace whose entry does not show it. */
export function hiddenTroubles(summary: WireTraceSummary): string[] {
  const troubles: string[] = [];
  if (!summary.HasFault && summary.FaultRootCauses.length > 0) troubles.push("fault inside");
  if (!summary.HasError && !summary.HasFault && summary.ErrorRootCauses.length > 0) troubles.push("error inside");
  if (summary.HasThrottle && !summary.HasError) troubles.push("throttled inside");
  return troubles;
}

/** The services that took part, without the clients that stand for whoever called. */
export function servicesOf({ ServiceIds }: WireTraceSummary): string[] {
  return [...new Set(ServiceIds.filter(({ Type }) => Type !== "client").map(({ Name }) => Name))];
}

/** Why a trace went wrong, in one line, where that is known. */
export function rootCauseLine({ FaultRootCauses, ErrorRootCauses }: WireTraceSummary): string | undefined {
  const cause = [...FaultRootCauses, ...ErrorRootCauses].find(({ ClientImpacting }) => ClientImpacting);
  const service = cause?.Services.at(-1);
  const exception = service?.EntityPath.flatMap((entity) => entity.Exceptions ?? []).at(-1);
  if (service === undefined) return undefined;
  if (exception === undefined) return `in ${service.Name}`;
  return `in ${service.Name}: ${[exception.Name, exception.Message].filter(Boolean).join(": ")}`;
}

/** So many calls from one segment to one service hardly happen but one by one. */
const suspectCalls = 5;

/** Whether one segment called the same service so often that a loop may have asked for what one question could. */
export function suspectsNPlusOne({ RepeatedCalls = 0 }: WireTraceSummary): boolean {
  return RepeatedCalls >= suspectCalls;
}

/** Whether a function had to be started for it, as far as an annotation says so. */
export function isColdStart({ Annotations }: WireTraceSummary): boolean {
  return Object.entries(Annotations).some(
    ([key, values]) =>
      /^(faas[._])?cold_?start$/i.test(key) && values.some(({ AnnotationValue: { BooleanValue } }) => BooleanValue),
  );
}
