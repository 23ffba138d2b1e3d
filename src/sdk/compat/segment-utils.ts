import type { IncomingMessage, ServerResponse } from "node:http";
import { packageVersion } from "../package-version.ts";
import { getLogger } from "./logger.ts";
import { safeParseInt } from "./safe-parse-int.ts";

type Members = Readonly<Record<string, unknown>>;

/** What every segment begins with, and when its subsegments go ahead of it: `SegmentUtils` of X-Ray's SDK. */
export interface SegmentUtils {
  streamingThreshold: number;
  origin?: string;
  pluginData?: object;
  sdkData?: object;
  serviceData?: unknown;
  getCurrentTime(): number;
  setOrigin(origin: string): void;
  setPluginData(pluginData: object): void;
  setSDKData(sdkData: object): void;
  setServiceData(serviceData: unknown): void;
  setStreamingThreshold(threshold: number): void;
  getStreamingThreshold(): number;
  getHttpResponseData(res: ServerResponse | IncomingMessage): object;
  getJsonStringifyReplacer(): (key: string, value: unknown) => unknown;
}

export const segmentUtils: SegmentUtils = {
  streamingThreshold: 100,
  sdkData: { sdk: "fluoroscope-sdk", sdk_version: packageVersion, package: "fluoroscope-sdk/compat" },
  serviceData: {
    runtime: process.release?.name ?? "unknown",
    runtime_version: process.version,
    version: process.env.npm_package_version || "unknown",
    name: process.env.npm_package_name || "unknown",
  },
  getCurrentTime: () => Date.now() / 1_000,
  setOrigin(origin) {
    segmentUtils.origin = origin;
  },
  setPluginData(pluginData) {
    segmentUtils.pluginData = pluginData;
  },
  setSDKData(sdkData) {
    segmentUtils.sdkData = sdkData;
  },
  setServiceData(serviceData) {
    segmentUtils.serviceData = serviceData;
  },
  setStreamingThreshold(threshold) {
    if (Number.isFinite(threshold) && threshold >= 0) segmentUtils.streamingThreshold = threshold;
    else getLogger().error(`The streaming threshold ${threshold} is none: it must be a whole number, 0 or more.`);
  },
  getStreamingThreshold: () => segmentUtils.streamingThreshold,
  getHttpResponseData,
  getJsonStringifyReplacer: () => bigintsAsText,
};

/** A segment with more open subsegments than this sends those that have ended; 100 unless told otherwise. */
export const setStreamingThreshold: (threshold: number) => void = segmentUtils.setStreamingThreshold;

function getHttpResponseData(response: ServerResponse | IncomingMessage): Members {
  const status = safeParseInt(response?.statusCode ?? 0);
  const length = response === undefined || response === null ? undefined : contentLength(response);
  return {
    ...(status !== 0 && { status }),
    ...(length !== undefined && { content_length: length }),
  };
}

/** Of a response of one's own it is known as well as of somebody else's. */
function contentLength(response: ServerResponse | IncomingMessage): number | undefined {
  const text = "headers" in response ? response.headers?.["content-length"] : response.getHeader?.("content-length");
  return text === undefined || text === "" ? undefined : safeParseInt(String(text));
}

function bigintsAsText(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? value.toString() : value;
}
