import type { Log } from "../log.ts";
import { type Credentials, signRequest } from "../sigv4/sign-request.ts";
import { SigningKeys } from "../sigv4/signing-keys.ts";
import { isExpiredCode } from "./answer-failure.ts";
import { readApiError } from "./api-error.ts";
import type { CredentialSource } from "./credentials.ts";
import type { HttpAnswer, HttpClient, HttpRequest } from "./http-client.ts";
import { ForwardError } from "./way-out.ts";
import type { Send } from "./xray-api.ts";

export interface SignedSenderOptions {
  readonly http: HttpClient;
  readonly credentials: CredentialSource;
  readonly region: string;
  readonly log: Log;
  /** Milliseconds. */
  readonly now: () => number;
}

/** AWS accepts a signature for five minutes before and after; beyond this it is our clock that is the trouble. */
const toleratedSkewMs = 4 * 60_000;

/**
 * Signs what it sends for X-Ray. When credentials turn out to have expired it asks for new ones, when the clock turns out
 * to be wrong it goes by the other side's; in both cases the request goes out once more, and only then is the answer told.
 */
export function createSignedSender({ http, credentials, region, log, now }: SignedSenderOptions): Send {
  const keys = new SigningKeys();
  let skewMs = 0;

  const send = (url: URL, request: HttpRequest, who: Credentials): Promise<HttpAnswer> => {
    const { method, headers = {}, body = new Uint8Array() } = request;
    const signed = signRequest(
      { method, url, headers: signedOf(headers), body },
      { credentials: who, region, service: "xray", now: now() + skewMs, keys },
    );
    return http.request(url, { ...request, headers: { ...headers, ...signed } });
  };

  const isClockWrong = ({ headers: { date = "" } }: HttpAnswer): boolean => {
    const offMs = Date.parse(date) - (now() + skewMs);
    if (!(Math.abs(offMs) > toleratedSkewMs)) return false;
    skewMs += offMs;
    const remedy = "set this machine's clock (NTP)";
    log.warn(
      { offSeconds: Math.round(skewMs / 1_000), remedy },
      "the clock differs from AWS's; signing with AWS's time",
    );
    return true;
  };

  return async (url, request) => {
    const who = await unlessStopped(credentials.get(), request.signal, url);
    const answer = await send(url, request, who);
    if (answer.status < 400 || answer.status > 403) return answer;
    if (isClockWrong(answer)) return send(url, request, who);
    if (!isExpiredCode(readApiError(answer).code)) return answer;
    const renewed = await unlessStopped(credentials.renew(who), request.signal, url);
    return renewed.sessionToken === who.sessionToken ? answer : send(url, request, renewed);
  };
}

/** Those alone that nobody between us and AWS changes; `host` and the signature's own are signed in any case. */
function signedOf(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name === "x-amzn-xray-timestamp"));
}

/** Some sources of credentials take their time; a daemon that stops does not wait for them. */
async function unlessStopped<T>(work: Promise<T>, signal: AbortSignal | undefined, url: URL): Promise<T> {
  if (signal === undefined) return work;
  let stop: (() => void) | undefined;
  const stopped = new Promise<never>((_, reject) => {
    stop = () => {
      const message = `The request to ${url.host} was stopped while looking for credentials. It is sent again later.`;
      reject(new ForwardError(message, { kind: "other", advice: "retry" }));
    };
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop);
  });
  try {
    return await Promise.race([work, stopped]);
  } finally {
    signal.removeEventListener("abort", stop!);
  }
}
