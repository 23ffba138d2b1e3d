import { randomUUID } from "node:crypto";
import type { ServerResponse } from "node:http";

/** Answers in AWS's error shape, which X-Ray's clients turn into an exception with this message. */
export function sendError(response: ServerResponse, status: number, code: string, message: string): void {
  sendJson(response, status, { Message: message }, { "x-amzn-errortype": code, "x-amzn-requestid": randomUUID() });
}

/** Answers a value as JSON. */
export function sendJson(
  response: ServerResponse,
  status: number,
  value: object,
  headers: Readonly<Record<string, string>> = {},
): void {
  const body = Buffer.from(JSON.stringify(value));
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": body.length,
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    ...headers,
  });
  response.end(body);
}
