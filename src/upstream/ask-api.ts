import { setTimeout as sleep } from "node:timers/promises";
import { StoreError } from "../errors.ts";
import { isBusyCode } from "../forward/answer-failure.ts";
import { readApiError } from "../forward/api-error.ts";
import type { HttpAnswer } from "../forward/http-client.ts";
import type { XrayApi } from "../forward/xray-api.ts";

/** Asks one operation of an X-Ray API; its answer has the shape of api/wire.ts. */
export type Ask = <T>(path: string, body: object) => Promise<T>;

const timeoutMs = 30_000;
const maxAnswerBytes = 64 * 2 ** 20;
/** X-Ray allows few of these questions a second, and says so. */
const attempts = 5;
const firstPauseMs = 200;

/** Asks an X-Ray API, again when it is busy. Rejects with a `StoreError`: what is asked for is this fluoroscope's store. */
export function askApi(api: XrayApi): Ask {
  return async <T>(path: string, body: object) => {
    const bytes = Buffer.from(JSON.stringify(body));
    for (let attempt = 1; ; attempt += 1) {
      const answer = await send(api, path, bytes);
      if (answer.status < 300) return JSON.parse(answer.body.toString()) as T;
      const { code, message } = readApiError(answer);
      const isBusy = answer.status === 429 || answer.status >= 500 || isBusyCode(code);
      if (!isBusy || attempt === attempts) {
        const said = [code, message].filter((part) => part !== "").join(": ");
        const text = `${api.name} answers ${path} with ${answer.status} (${said}).`;
        throw new StoreError("FLUORO_FORWARD", text, { retryable: isBusy });
      }
      await sleep(firstPauseMs * 2 ** (attempt - 1));
    }
  };
}

async function send(api: XrayApi, path: string, body: Uint8Array): Promise<HttpAnswer> {
  const headers = { "content-type": "application/json" };
  try {
    return await api.request({ method: "POST", path, headers, body, timeoutMs, maxAnswerBytes });
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new StoreError("FLUORO_FORWARD", message, { cause, retryable: true });
  }
}
