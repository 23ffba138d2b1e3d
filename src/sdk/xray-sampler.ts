import { randomBytes } from "node:crypto";
import { type Attributes, type Context, type Link, type SpanKind, TraceFlags, trace } from "@opentelemetry/api";
import type { LocalRules } from "../sampling/local-rules.ts";
import type { SamplingRequest } from "../sampling/match-rule.ts";
import { Sampler } from "../sampling/sampler.ts";
import type { DaemonEndpoint } from "./ask-daemon.ts";
import { type Caller, callerOf } from "./caller.ts";
import { SamplingPoller } from "./sampling-poller.ts";

export interface XRaySamplerOptions {
  /** The segment's name: what a rule's service name is for. */
  readonly serviceName?: string;
  /** The segment's origin, such as `AWS::ECS::Container`: what a rule's service type is for. */
  readonly serviceType?: string;
  /** The daemon whose TCP side knows rules and targets. Absent: local rules alone decide. */
  readonly endpoint?: DaemonEndpoint;
  /** Decide until rules arrive, and when none have arrived for an hour. */
  readonly localRules?: LocalRules;
}

/** Values of the trace SDK's enumeration. */
const drop = 0;
const record = 2;

/** What a trace SDK's sampler answers. */
export interface SpanSamplingResult {
  readonly decision: typeof drop | typeof record;
  readonly attributes?: Attributes;
}

/**
 * Decides by X-Ray's rules at the start of a trace, and follows the caller's decision where there is one. Fits any trace
 * SDK of OpenTelemetry.
 */
export class XRaySampler {
  readonly #sampler: Sampler;
  readonly #poller: SamplingPoller | undefined;
  readonly #service: Pick<SamplingRequest, "serviceName" | "serviceType">;

  constructor({ serviceName, serviceType, endpoint, localRules }: XRaySamplerOptions = {}) {
    this.#service = { ...(serviceName && { serviceName }), ...(serviceType && { serviceType }) };
    const clientId = randomBytes(12).toString("hex");
    this.#sampler = new Sampler({ clientId, ...(localRules && { localRules }) });
    this.#poller = endpoint && new SamplingPoller(this.#sampler, { endpoint });
  }

  shouldSample(
    context: Context,
    _traceId: string,
    _name: string,
    _kind: SpanKind,
    attributes: Attributes,
    _links: Link[],
  ): SpanSamplingResult {
    const parent = trace.getSpanContext(context);
    const caller = callerOf(context);
    const isDecided = parent !== undefined && !(parent.isRemote === true && caller !== undefined && isOpen(caller));
    if (isDecided) return (parent.traceFlags & TraceFlags.SAMPLED) !== 0 ? recorded : dropped;
    this.#poller?.start();
    const request = { ...this.#service, ...requestOf(attributes) };
    const { isSampled, ruleName } = this.#sampler.decide(request, Date.now() / 1_000, Math.random, caller?.sampled);
    if (!isSampled) return dropped;
    return ruleName === undefined
      ? recorded
      : { decision: record, attributes: { "aws.xray.sampling_rule_name": ruleName } };
  }

  /** Takes a fresh look at the rules, and resolves when it is done or has failed. */
  async refresh(): Promise<void> {
    await this.#poller?.fetchRules();
  }

  /** No more questions to the daemon. */
  close(): void {
    this.#poller?.close();
  }

  toString(): string {
    return "XRaySampler";
  }
}

const dropped: SpanSamplingResult = { decision: drop };
const recorded: SpanSamplingResult = { decision: record };

const isOpen = ({ sampled }: Caller): boolean => sampled !== "1" && sampled !== "0";

/** What the attributes of a span that begins say of its request, in the stable conventions and the old ones. */
function requestOf(attributes: Attributes): SamplingRequest {
  const host = hostOf(attributes);
  const httpMethod = text(attributes["http.request.method"] ?? attributes["http.method"]);
  const urlPath = text(attributes["url.path"] ?? attributes["http.target"]);
  return { ...(host && { host }), ...(httpMethod && { httpMethod }), ...(urlPath && { urlPath }) };
}

/** As in the `Host` header, which rules are written for: the port is a part of it unless it goes without saying. */
function hostOf(attributes: Attributes): string | undefined {
  const old = text(attributes["http.host"]);
  const address = text(attributes["server.address"]);
  if (old !== undefined || address === undefined) return old;
  const port = attributes["server.port"];
  return port === undefined || port === 80 || port === 443 ? address : `${address}:${port}`;
}

const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
