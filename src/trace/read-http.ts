import { asInteger, asObject, asText } from "./members.ts";
import type { Http } from "./segment.ts";

/** The `http` block: method in upper case, status and length as numbers, a length of -1 as unknown. */
export function readHttp(value: unknown): Http | undefined {
  const http = asObject(value);
  if (http === undefined) return undefined;
  const request = asObject(http.request);
  const response = asObject(http.response);
  if (request === undefined && response === undefined) return undefined;
  const length = asInteger(response?.content_length);
  return {
    method: upperCase(asText(request?.method)),
    url: asText(request?.url),
    userAgent: asText(request?.user_agent),
    clientIp: asText(request?.client_ip),
    xForwardedFor: request?.x_forwarded_for === true ? true : undefined,
    status: asInteger(response?.status),
    contentLength: length !== undefined && length >= 0 ? length : undefined,
  } as Http;
}

/** Whether the caller says that a segment of the callee will follow: `http.request.traced`, the documented place. */
export function isRequestTraced(value: unknown): boolean {
  return asObject(asObject(value)?.request)?.traced === true;
}

function upperCase(method: string | undefined): string | undefined {
  switch (method) {
    case undefined:
    case "GET":
    case "POST":
      return method;
    default:
      return method.toUpperCase();
  }
}
