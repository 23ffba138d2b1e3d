import type { IncomingMessage, ServerResponse } from "node:http";
import { matchesWildcard } from "../../xray/wildcard.ts";
import { isLambda } from "../lambda.ts";
import { IncomingRequestData } from "./incoming-request-data.ts";
import { getLogger } from "./logger.ts";
import { type RequestSampler, requestSampler } from "./request-sampler.ts";
import { Segment } from "./segment.ts";
import { flagByStatus } from "./status-cause.ts";
import { processTraceData, type TraceData } from "./trace-data.ts";

/** A rule of a local rules file. */
export interface BaseRuleConfig {
  http_method: string;
  url_path: string;
  fixed_target: number;
  rate: number;
  description?: string;
}

export interface RuleConfigV1 extends BaseRuleConfig {
  service_name: string;
}

export interface RuleConfigV2 extends BaseRuleConfig {
  host: string;
}

export type RuleConfig = RuleConfigV1 | RuleConfigV2;

export interface DefaultRuleConfig {
  fixed_target: number;
  rate: number;
}

/** A local rules file. */
export interface RulesConfig {
  version: number;
  default: DefaultRuleConfig;
  rules?: RuleConfig[];
}

/** How a web framework's middleware makes the segments of requests. */
export interface Middleware {
  defaultName: string | undefined;
  dynamicNaming: boolean;
  hostPattern: string | null;
  sampler: RequestSampler;
  readonly IncomingRequestData: typeof IncomingRequestData;
  enableDynamicNaming(hostPattern?: string): void;
  processHeaders(req?: Partial<Pick<IncomingMessage, "headers">>): { [key: string]: string };
  resolveName(hostHeader?: string): string;
  resolveSampling(amznTraceHeader: { [key: string]: string }, segment: Segment, res: ServerResponse): void;
  setDefaultName(name: string): void;
  disableCentralizedSampling(): void;
  middlewareLog(message: string, url: string, segment: Segment): void;
  traceRequestResponseCycle(req: IncomingMessage, res: ServerResponse): Segment;
  setSamplingRules(source: string | RulesConfig): void;
}

const xrayHeader = "x-amzn-trace-id";
const nameFromEnvironment = process.env.AWS_XRAY_TRACING_NAME;

/** Its members can be replaced, as applications do: each is looked up when it is used. */
export const middleware: Middleware = {
  defaultName: nameFromEnvironment,
  dynamicNaming: false,
  hostPattern: null,
  // In Lambda the decision is Lambda's.
  sampler: requestSampler(!isLambda(process.env)),
  IncomingRequestData,

  enableDynamicNaming(hostPattern) {
    if (hostPattern && typeof hostPattern !== "string") throw new Error("Host pattern must be a string.");
    middleware.dynamicNaming = true;
    middleware.hostPattern = hostPattern || null;
  },

  processHeaders(req) {
    const header = req?.headers?.[xrayHeader];
    return processTraceData(Array.isArray(header) ? header[0] : header) as { [key: string]: string };
  },

  resolveName(hostHeader) {
    const { dynamicNaming, hostPattern, defaultName } = middleware;
    const isNamedByHost = dynamicNaming && hostHeader && (!hostPattern || matchesWildcard(hostPattern, hostHeader));
    return (isNamedByHost ? hostHeader : defaultName) as string;
  },

  setDefaultName(name) {
    if (!nameFromEnvironment) middleware.defaultName = name;
  },

  disableCentralizedSampling() {
    middleware.sampler = requestSampler(false);
  },

  setSamplingRules(source) {
    if (!source || (typeof source !== "string" && typeof source !== "object")) {
      throw new Error("Sampling rules are the path of a file, or an object with what would be in it.");
    }
    middleware.sampler.setLocalRules(source);
  },

  resolveSampling(amznTraceHeader, segment, res) {
    const { root, sampled }: TraceData = amznTraceHeader;
    const isSampled = sampled === "1" || (sampled !== "0" && decide(segment, res));
    if (sampled === "?" && root !== undefined && !res.headersSent) {
      res.setHeader(xrayHeader, `Root=${root};Sampled=${isSampled ? "1" : "0"}`);
    }
    if (!isSampled) segment.notTraced = true;
  },

  middlewareLog(message, url, { name, trace_id, id, notTraced }) {
    getLogger().debug(`${message}: ${JSON.stringify({ url, name, trace_id, id, sampled: !notTraced })}`);
  },

  traceRequestResponseCycle(req, res) {
    const header = middleware.processHeaders(req) as TraceData;
    const segment = new Segment(middleware.resolveName(req.headers.host), header.root, header.parent);
    if (header.data !== undefined) segment.additionalTraceData = header.data;
    middleware.resolveSampling(header as { [key: string]: string }, segment, res);
    const data = new middleware.IncomingRequestData(req);
    segment.addIncomingRequestData(data);
    middleware.middlewareLog("Segment begun", req.url ?? "", segment);
    let hasEnded = false;
    const end = (): void => {
      if (hasEnded) return;
      hasEnded = true;
      flagByStatus(segment, res.statusCode);
      data.close(res);
      segment.close();
      middleware.middlewareLog("Segment ended", req.url ?? "", segment);
    };
    res.on("finish", end);
    res.on("close", end);
    return segment;
  },
};

function decide(segment: Segment, { req }: ServerResponse): boolean {
  const { method, url, headers } = req;
  const decision = middleware.sampler.shouldSample({
    serviceName: segment.name,
    ...(headers.host && { host: headers.host }),
    ...(method && { httpMethod: method }),
    ...(url && { urlPath: url }),
  });
  if (typeof decision === "string") segment.setMatchedSamplingRule(decision);
  return decision !== false && decision !== undefined;
}
