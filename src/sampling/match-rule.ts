import { matchesWildcard } from "../xray/wildcard.ts";

/** What is known of a request when it has to be decided whether to record it. */
export interface SamplingRequest {
  readonly serviceName?: string;
  /** The origin of the segment to be. */
  readonly serviceType?: string;
  readonly host?: string;
  readonly httpMethod?: string;
  /** A query may still hang on it. */
  readonly urlPath?: string;
}

/** The patterns of a rule; a pattern that is absent fits everything. */
export type RulePatterns = SamplingRequest;

/**
 * True if a rule is for a request: all its patterns fit. What the request does not say fits everything. The query takes
 * no part: `/ping` is for `/ping?x=1` too (X-Ray's Node SDK thinks otherwise).
 */
export function matchesRule(rule: RulePatterns, request: SamplingRequest): boolean {
  return (
    fits(rule.urlPath, request.urlPath && pathOf(request.urlPath)) &&
    fits(rule.host, request.host) &&
    fits(rule.httpMethod, request.httpMethod) &&
    fits(rule.serviceName, request.serviceName) &&
    fits(rule.serviceType, request.serviceType)
  );
}

function fits(pattern: string | undefined, text: string | undefined): boolean {
  return pattern === undefined || pattern === "*" || !text || matchesWildcard(pattern, text);
}

function pathOf(url: string): string {
  const end = url.search(/[?#]/);
  return end < 0 ? url : url.slice(0, end);
}
