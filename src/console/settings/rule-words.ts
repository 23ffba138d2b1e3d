import type { WireSamplingRuleRecord } from "../../api/wire.ts";
import type { SamplingRule } from "../../sampling/rule.ts";

/** A rule of the API's spelling as the sampler has it. */
export function readRule({ SamplingRule: wire }: WireSamplingRuleRecord): SamplingRule {
  return {
    name: wire.RuleName,
    priority: wire.Priority,
    reservoirSize: wire.ReservoirSize,
    fixedRate: wire.FixedRate,
    serviceName: wire.ServiceName,
    serviceType: wire.ServiceType,
    host: wire.Host,
    httpMethod: wire.HTTPMethod,
    urlPath: wire.URLPath,
    resourceArn: wire.ResourceARN,
    attributes: wire.Attributes ?? {},
    version: wire.Version,
  };
}

/** The API's spelling of what a form can change. Attributes are left as they are. */
export function writeRule(rule: SamplingRule): Readonly<Record<string, string | number>> {
  return {
    RuleName: rule.name,
    Priority: rule.priority,
    ReservoirSize: rule.reservoirSize,
    FixedRate: rule.fixedRate,
    ServiceName: rule.serviceName,
    ServiceType: rule.serviceType,
    Host: rule.host,
    HTTPMethod: rule.httpMethod,
    URLPath: rule.urlPath,
    ResourceARN: rule.resourceArn,
  };
}

/** What a rule is for, in words: `POST *.test /cart* of orders`. */
export function ruleMatches({ httpMethod, host, urlPath, serviceName, serviceType }: SamplingRule): string {
  const parts = [httpMethod, host, urlPath].filter((pattern) => pattern !== "*");
  if (serviceName !== "*") parts.push(`of ${serviceName}`);
  if (serviceType !== "*") parts.push(`(${serviceType})`);
  return parts.length === 0 ? "everything" : parts.join(" ");
}

/** How much a rule records, in words. */
export function ruleRecords({ reservoirSize, fixedRate }: SamplingRule): string {
  const rate = `${Number((fixedRate * 100).toFixed(2))} %`;
  if (fixedRate === 1) return "everything";
  if (reservoirSize === 0) return fixedRate === 0 ? "nothing" : rate;
  return `${reservoirSize}/s${fixedRate === 0 ? "" : `, then ${rate}`}`;
}
