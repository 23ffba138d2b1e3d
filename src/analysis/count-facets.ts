import type { DigestSegment, RootCause, TraceDigest } from "../trace/digest.ts";
import { type Counted, type Facet, FacetCounter } from "./facet.ts";
import type { Outcome } from "./heatmap.ts";
import { operationUrl } from "./operation-url.ts";

/** Keys of annotations that are told apart. */
const mostKeys = 100;

/** Counts every attribute of traces at once. */
export class FacetsBuilder {
  readonly #service = new FacetCounter("service");
  readonly #operation = new FacetCounter("operation");
  readonly #outcome = new FacetCounter("outcome");
  readonly #status = new FacetCounter("status");
  readonly #exception = new FacetCounter("exception");
  readonly #user = new FacetCounter("user");
  readonly #annotations = new Map<string, FacetCounter>();
  #number = 0;

  add(digest: TraceDigest, outcome: Outcome): void {
    const { nodes, segments, entry: index, isPartial, weight = 1, faultCauses, errorCauses } = digest;
    const trace: Counted = { number: this.#number++, fails: outcome !== "ok", weight };
    this.#addOutcome(trace, digest);
    if (isPartial) this.#outcome.add(trace, { value: "partial" });
    const http = index === undefined ? undefined : segments[index]!.http;
    if (http?.status !== undefined) this.#status.add(trace, { value: http.status });
    if (http?.url !== undefined) {
      const value = operationUrl(http.url);
      const { method } = http;
      const named = { value, ...(method !== undefined && { method }), ...(value !== http.url && unfinished) };
      this.#operation.add(trace, named, `${method ?? ""} ${value}${value === http.url ? "" : "…"}`);
    }
    for (const { node, user, annotations } of segments) {
      this.#service.add(trace, { value: nodes[node]!.name });
      if (user !== undefined) this.#user.add(trace, { value: user });
      for (const [key, value] of annotations) this.#annotation(key)?.add(trace, { value });
    }
    this.#addExceptions(trace, faultCauses, "fault");
    this.#addExceptions(trace, errorCauses, "error");
  }

  facets(mostValues: number): Facet[] {
    const fixed = [this.#outcome, this.#status, this.#service, this.#operation, this.#exception, this.#user];
    const annotations = [...this.#annotations.values()]
      .map((counter) => counter.facet(mostValues))
      .sort((a, b) => b.traces - a.traces || (a.key! < b.key! ? -1 : 1));
    return [...fixed.map((counter) => counter.facet(mostValues)), ...annotations].filter(({ traces }) => traces > 0);
  }

  /** By the words that filter expressions have for it: a throttled trace is an error as well. */
  #addOutcome(trace: Counted, { entry: index, segments }: TraceDigest): void {
    const entry = index === undefined ? undefined : segments[index];
    if (entry === undefined) return;
    if (entry.fault) this.#outcome.add({ ...trace, fails: true }, { value: "fault" });
    if (entry.error) this.#outcome.add({ ...trace, fails: true }, { value: "error" });
    if (segments.some((segment) => segment.throttle))
      this.#outcome.add({ ...trace, fails: true }, { value: "throttle" });
    if (isOk(entry)) this.#outcome.add({ ...trace, fails: false }, { value: "ok" });
  }

  #addExceptions(trace: Counted, causes: readonly RootCause[], family: "fault" | "error"): void {
    for (const { services } of causes) {
      for (const { entities } of services) {
        for (const { exceptions } of entities) {
          for (const { name, message } of exceptions) {
            this.#exception.add(
              { ...trace, fails: true },
              { value: name, message, family },
              `${family} ${name}: ${message}`,
            );
          }
        }
      }
    }
  }

  #annotation(key: string): FacetCounter | undefined {
    let counter = this.#annotations.get(key);
    if (counter === undefined && this.#annotations.size < mostKeys) {
      counter = new FacetCounter("annotation", key);
      this.#annotations.set(key, counter);
    }
    return counter;
  }
}

const isOk = ({ inProgress, fault, error, throttled }: DigestSegment): boolean =>
  !inProgress && !fault && !error && !throttled;

const unfinished = { goesOn: true } as const;
