import { setImmediate } from "node:timers/promises";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { type Log, silentLog } from "../log.ts";
import { isLoopback } from "../xray/trust-caller.ts";
import type { HttpClient } from "./http-client.ts";
import { type PartialSuccess, readOtlpAnswer } from "./otlp-answer.ts";
import { type TranslatedDocument, translatePack } from "./translate-pack.ts";
import type { Outcome, Unprocessed, WayOut } from "./way-out.ts";

export interface OtlpWayOutOptions {
  /** Of the receiver, with or without `/v1/traces`. */
  readonly url: URL;
  readonly http: HttpClient;
  /** Sent with each request: keys and tokens of the receiver's, see `readOtlpHeaders`. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly userAgent?: string | undefined;
  readonly log?: Log | undefined;
  /** Milliseconds. */
  readonly now?: (() => number) | undefined;
}

/** Smaller bodies are sent as they are: there is nothing to win. */
const smallBytes = 1024;

/**
 * Sends documents as spans to an OpenTelemetry receiver, in OTLP/HTTP's JSON. A document that cannot be read is
 * unprocessed, and does not stop the others. URLs lose their secrets on the way, as the conventions demand.
 */
export function otlpWayOut(options: OtlpWayOutOptions): WayOut {
  const { http, log = silentLog, now = Date.now } = options;
  const url = tracesUrl(options.url);
  const name = `otlp ${url.origin}`;
  // To a receiver on this machine the way is wide: packing and unpacking would cost a fifth of all, for nothing.
  const isNear = isLoopback(url.hostname);
  const turn = takeTurns();
  return {
    name,
    async send(documents, signal) {
      await turn();
      const { translated, request } = translatePack(documents);
      if (request === undefined) return translated.map(({ refusal }) => refusal);
      const { body, encoding } = await pack(request, isNear ? Number.POSITIVE_INFINITY : smallBytes);
      const headers = {
        ...(options.userAgent !== undefined && { "user-agent": options.userAgent }),
        ...options.headers,
        "content-type": "application/json",
        ...encoding,
      };
      const answer = await http.request(url, { method: "POST", headers, body, signal });
      const partial = readOtlpAnswer(name, answer, now());
      for (const document of translated) tellLeftOut(log, document);
      if (partial.errorMessage !== "") {
        log.warn({ receiver: name, ...partial }, "the receiver has something to say about spans");
      }
      return outcomes(translated, partial);
    },
    close: () => http.close(),
  };
}

/**
 * Lets requests be made one in each turn of the event loop. A full one takes a millisecond or two to translate; several
 * in a row would keep the loop from reading the socket.
 */
function takeTurns(): () => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  return () => {
    last = last.then(() => setImmediate());
    return last;
  };
}

function tracesUrl(given: URL): URL {
  const url = new URL(given);
  const path = url.pathname.replace(/\/+$/, "");
  url.pathname = path.endsWith("/v1/traces") ? path : `${path}/v1/traces`;
  return url;
}

/** Once it is sent: a document that is sent again is not complained of again. */
function tellLeftOut(log: Log, { leftOut }: TranslatedDocument): void {
  for (const { problem, segmentId } of leftOut) {
    log.warn({ code: problem.code, problem: problem.message, segmentId }, "a part of a document was left out");
  }
}

const compress = promisify(gzip);

/** On a thread of Node's pool. The quickest level makes a tenth of it already: keys come again and again. */
async function pack(
  body: Uint8Array,
  fromBytes: number,
): Promise<{ body: Uint8Array; encoding: Readonly<Record<string, string>> }> {
  if (body.length < fromBytes) return { body, encoding: {} };
  return { body: await compress(body, { level: 1 }), encoding: { "content-encoding": "gzip" } };
}

/**
 * One outcome a document. A receiver says how many spans it rejected, not which, and must not be asked again. So as many
 * documents count as unprocessed as are needed to hold these spans, from the last one on.
 */
function outcomes(
  translated: readonly TranslatedDocument[],
  { rejectedSpans, errorMessage }: PartialSuccess,
): readonly Outcome[] {
  const answered = translated.map(({ refusal }) => refusal);
  const sent = translated.reduce((sum, { spans }) => sum + spans, 0);
  let rejected = Math.min(rejectedSpans, sent);
  for (let at = translated.length - 1; at >= 0 && rejected > 0; at -= 1) {
    const { spans, segmentId } = translated[at]!;
    if (spans === 0) continue;
    rejected -= spans;
    answered[at] = rejectedSpansOf(segmentId!, Math.min(rejectedSpans, sent), sent, errorMessage);
  }
  return answered;
}

function rejectedSpansOf(segmentId: string, rejected: number, sent: number, errorMessage: string): Unprocessed {
  const reason = errorMessage === "" ? "without a reason" : `saying: ${errorMessage}`;
  const message =
    `The receiver rejected ${rejected} of the ${sent} spans in a request, ${reason}. ` +
    "It does not say which; this document stands for them.";
  return { code: "RejectedSpans", message, segmentId, retryable: false };
}
