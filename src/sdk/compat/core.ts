import { EC2Plugin as EC2, type EC2Metadata as EC2Data } from "./ec2-plugin.ts";
import { ECSPlugin as ECS, type ECSMetadata as ECSData } from "./ecs-plugin.ts";
import {
  ElasticBeanstalkPlugin as ElasticBeanstalk,
  type ElasticBeanstalkMetadata as ElasticBeanstalkData,
} from "./elastic-beanstalk-plugin.ts";
import type * as mw from "./middleware.ts";
import { middleware as middlewareObject } from "./middleware.ts";
import { SqlData as SqlDataClass } from "./sql-data.ts";

/** The names of `aws-xray-sdk-core`. Where it has an object that applications change, this has one too. */
export { appendAWSWhitelist, setAWSWhitelist } from "./aws-call.ts";
export { captureAsyncFunc, captureCallbackFunc, captureFunc } from "./capture.ts";
export { captureAWS, captureAWSClient } from "./capture-aws-v2.ts";
export { captureAWSv3Client } from "./capture-aws-v3.ts";
export { captureHTTPs, captureHTTPsGlobal } from "./capture-http.ts";
export { capturePromise } from "./capture-promise.ts";
export { config } from "./config.ts";
export {
  enableAutomaticMode,
  enableManualMode,
  getNamespace,
  getSegment,
  isAutomaticMode,
  resolveManualSegmentParams,
  resolveSegment,
  type SegmentLike,
  setSegment,
} from "./context.ts";
export { setContextMissingStrategy } from "./context-missing.ts";
export { setDaemonAddress } from "./daemon-config.ts";
export { getLogger, type Logger, setLogger } from "./logger.ts";
export { publicUtils as utils } from "./public-utils.ts";
export { Segment } from "./segment.ts";
export { segmentUtils as SegmentUtils, setStreamingThreshold } from "./segment-utils.ts";
export { Subsegment } from "./subsegment.ts";
export { TraceID } from "./trace-id.ts";

/** Plug-ins for `config`: where the service runs. */
export const plugins: {
  readonly EC2Plugin: typeof EC2;
  readonly ECSPlugin: typeof ECS;
  readonly ElasticBeanstalkPlugin: typeof ElasticBeanstalk;
} = { EC2Plugin: EC2, ECSPlugin: ECS, ElasticBeanstalkPlugin: ElasticBeanstalk };

/** For plug-ins about databases. */
export const database: { readonly SqlData: typeof SqlDataClass } = { SqlData: SqlDataClass };

/** For middleware of web frameworks. */
export const middleware: mw.Middleware = middlewareObject;

// X-Ray's SDK has types under the names of these values: what holds nothing but types is not there at run time.
export namespace plugins {
  export type EC2Plugin = typeof EC2;
  export type ECSPlugin = typeof ECS;
  export type ElasticBeanstalkPlugin = typeof ElasticBeanstalk;
  export type EC2Metadata = EC2Data;
  export type ECSMetadata = ECSData;
  export type ElasticBeanstalkMetadata = ElasticBeanstalkData;
  export type Plugin = EC2Plugin | ECSPlugin | ElasticBeanstalkPlugin;
}

export namespace database {
  export type SqlData = SqlDataClass;
}

export namespace middleware {
  export type BaseRuleConfig = mw.BaseRuleConfig;
  export type RuleConfigV1 = mw.RuleConfigV1;
  export type RuleConfigV2 = mw.RuleConfigV2;
  export type RuleConfig = mw.RuleConfig;
  export type DefaultRuleConfig = mw.DefaultRuleConfig;
  export type RulesConfig = mw.RulesConfig;
  export type IncomingRequestData = InstanceType<mw.Middleware["IncomingRequestData"]>;
}
