import { describe, expect, it } from "vitest";
import { answerFailure } from "./answer-failure.ts";
import { readApiError } from "./api-error.ts";
import type { HttpAnswer } from "./http-client.ts";

const anAnswer = (status: number, body: unknown = "", headers: Record<string, string> = {}): HttpAnswer => ({
  status,
  headers,
  body: Buffer.from(typeof body === "string" ? body : JSON.stringify(body)),
});

const now = Date.UTC(2026, 10, 24, 12);

describe("an answer that is no success", () => {
  it.each([
    [400, "split", "4xx"],
    [401, "hold", "4xx"],
    [403, "hold", "4xx"],
    [404, "hold", "4xx"],
    [405, "hold", "4xx"],
    [408, "retry", "4xx"],
    [413, "split", "4xx"],
    [429, "retry", "4xx"],
    [500, "retry", "5xx"],
    [502, "retry", "5xx"],
    [503, "retry", "5xx"],
    [504, "retry", "5xx"],
    [301, "hold", "other"],
    [304, "hold", "other"],
  ] as const)("%d: %s", (status, advice, kind) => {
    expect(answerFailure("aws eu-central-1", anAnswer(status), now)).toMatchObject({ status, advice, kind });
  });

  it.each([
    [400, "ThrottlingException", "retry"],
    [400, "RequestLimitExceeded", "retry"],
    [400, "ServiceUnavailable", "retry"],
    [403, "ExpiredTokenException", "retry"],
    [400, "ExpiredToken", "retry"],
    [400, "UnrecognizedClientException", "hold"],
    [400, "MissingAuthenticationTokenException", "hold"],
    [403, "AccessDeniedException", "hold"],
    [400, "InvalidRequestException", "split"],
  ] as const)("%d with %s: %s, for the code says more", (status, code, advice) => {
    expect(answerFailure("aws", anAnswer(status, { __type: code }), now).advice).toBe(advice);
  });

  it("is told with code, reason and what to do", () => {
    const answer = anAnswer(403, {
      __type: "com.amazonaws.xray#AccessDeniedException",
      Message: "User is not authorized",
    });
    const error = answerFailure("aws eu-central-1", answer, now);
    expect(error.code).toBe("FLUORO_FORWARD");
    expect(error.message).toBe(
      "aws eu-central-1 answered 403 (AccessDeniedException: User is not authorized). " +
        "Look at the credentials, at xray:PutTraceSegments in their policy, and at the clock.",
    );
  });

  it.each([
    ["3", 3_000],
    ["0.5", 500],
    ["0", 0],
    ["Tue, 24 Nov 2026 12:00:30 GMT", 30_000],
    ["Tue, 24 Nov 2026 11:00:00 GMT", 0],
    ["soon", undefined],
    ["-1", undefined],
    ["", undefined],
  ])("with Retry-After %j waits %s ms", (header, ms) => {
    const error = answerFailure("aws", anAnswer(429, "", { "retry-after": header }), now);
    expect(error.retryAfterMs).toBe(ms);
  });
});

describe("AWS's error is read out of", () => {
  it.each([
    [
      "a header",
      anAnswer(400, { message: "no" }, { "x-amzn-errortype": "ThrottledException:http://internal.amazon.com/" }),
    ],
    ["JSON 1.0", anAnswer(400, { __type: "com.amazonaws.xray#ThrottledException", Message: "no" })],
    ["JSON with a code", anAnswer(400, { code: "ThrottledException", message: "no" })],
    ["XML", anAnswer(400, "<Response><Error><Code>ThrottledException</Code><Message>no</Message></Error></Response>")],
  ])("%s", (_, answer) => {
    expect(readApiError(answer)).toEqual({ code: "ThrottledException", message: "no" });
  });

  it.each([
    ["", ""],
    ["plain\u0007 text\n", "plain text"],
    ["<html><head><title>x</title></head><body><h1>502</h1>\n<p>Bad Gateway</p></body></html>", "502 Bad Gateway"],
    ["[1]", "[1]"],
    ["null", "null"],
  ])("%j, which has none: the text alone", (body, message) => {
    expect(readApiError(anAnswer(502, body))).toEqual({ code: "", message });
  });

  it("a long page, of which the beginning is enough", () => {
    expect(readApiError(anAnswer(502, "x".repeat(100_000))).message).toHaveLength(300);
  });
});
