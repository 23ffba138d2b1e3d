import { answerFailure } from "./answer-failure.ts";
import { readApiError } from "./api-error.ts";
import type { HttpAnswer } from "./http-client.ts";
import { createSegmentBodyWriter } from "./segment-body.ts";
import { readOutcomes } from "./unprocessed-segments.ts";
import { ForwardError, type WayOut } from "./way-out.ts";
import type { XrayApi } from "./xray-api.ts";

/** Fifty explained refusals are a tenth of this. */
const maxAnswerBytes = 2 ** 20;

/** Sends documents by PutTraceSegments: to AWS X-Ray or to another fluoroscope. Closing it closes the API. */
export function xrayWayOut(api: XrayApi, now: () => number = Date.now): WayOut {
  const writeBody = createSegmentBodyWriter();
  return {
    name: api.name,
    async send(documents, signal) {
      const body = writeBody(documents);
      // When the request has ended, nothing reads its body any more: see `HttpClient`.
      const answer = await put(api, body.bytes, now(), signal).finally(() => body.release());
      if (answer.status < 200 || answer.status > 299) throw answerFailure(api.name, answer, now());
      const outcomes = readOutcomes(answer.body, documents);
      if (outcomes === undefined) throw notXray(api.name, answer);
      return outcomes;
    },
    close: () => api.close(),
  };
}

function put(api: XrayApi, body: Buffer, now: number, signal: AbortSignal): Promise<HttpAnswer> {
  return api.request({
    method: "POST",
    path: "/TraceSegments",
    headers: { "content-type": "application/json", "x-amzn-xray-timestamp": (now / 1_000).toFixed(9) },
    body,
    signal,
    maxAnswerBytes,
  });
}

/** A captive portal, a web server, a broken proxy: whoever it was, it has not taken the documents. */
function notXray(name: string, answer: HttpAnswer): ForwardError {
  const { message: said } = readApiError(answer);
  const message =
    `${name} answered ${answer.status} with something that is not X-Ray's answer ("${said.slice(0, 80)}"). ` +
    "Check that the address leads to X-Ray or a fluoroscope; it is sent again.";
  return new ForwardError(message, { kind: "other", advice: "retry", status: answer.status });
}
