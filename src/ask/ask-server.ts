import type { Status, WireError } from "../api/wire.ts";
import { buildRequest } from "../call/build-request.ts";
import { describeFailure } from "../call/describe-failure.ts";
import { exchange as exchangeHttp } from "../call/exchange.ts";
import { FilterSyntaxError, FluoroscopeError } from "../errors.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** The variable with the access key, as `id:secret`. */
export const keyVariable = "FLUOROSCOPE_KEY";

/** A running fluoroscope, asked over HTTP. */
export interface Server {
  /** Base URL, without a slash at the end. */
  readonly endpoint: string;
  /** The answer to a GET; `undefined` for 404. */
  get<T>(path: string): Promise<T | undefined>;
  post<T>(path: string, body: object): Promise<T>;
}

const timeoutMs = 30_000;

/** Where fluoroscope is: the option, else X-Ray's own variable, else this machine. */
export function endpointOf(option: string | undefined, environment: Environment): string {
  const given = option ?? (environment.AWS_ENDPOINT_URL_XRAY || "http://127.0.0.1:2000");
  return given.replace(/\/+$/, "");
}

/**
 * Asks the server at an endpoint. Throws `FLUORO_NOT_REACHABLE` where none answers, `FilterSyntaxError` for a filter
 * that it cannot read, and `FLUORO_REFUSED` with its reason for anything else that it will not answer. `key` is an access
 * key as `id:secret`, for servers that want one.
 */
export function askServer(endpoint: string, key?: string): Server {
  return serverBehind(endpoint, (method, path, body) => send({ endpoint, key }, method, path, body));
}

/** Hands a question on, and answers what comes back. */
export type Exchange = (method: string, path: string, body?: object) => Promise<{ status: number; text: string }>;

/** A fluoroscope behind whatever carries the questions there. */
export function serverBehind(endpoint: string, exchange: Exchange): Server {
  // Answers have the shapes of api/wire.ts: client and server come in one package.
  const ask = async <T>(method: string, path: string, body?: object): Promise<T | undefined> => {
    const { status, text } = await exchange(method, path, body);
    if (method === "GET" && status === 404) return undefined;
    if (status >= 400) throw refusal(text, endpoint, status);
    const answer = readJson(text);
    if (answer === undefined) throw notOurs(endpoint, status);
    return answer as T;
  };
  return {
    endpoint,
    get: (path) => ask("GET", path),
    async post<T>(path: string, body: object) {
      return (await ask<T>("POST", path, body)) as T;
    },
  };
}

/** The fluoroscope that keeps traces at an endpoint, if there is one. A daemon alone keeps none. */
export async function findServer(endpoint: string, key?: string): Promise<Server | undefined> {
  const server = askServer(endpoint, key);
  try {
    const status = await server.get<Partial<Status>>("/api/status");
    return status?.store === undefined ? undefined : server;
  } catch (error) {
    if (error instanceof FluoroscopeError && error.code === "FLUORO_NOT_REACHABLE") return undefined;
    throw error;
  }
}

async function send(
  { endpoint, key }: { endpoint: string; key: string | undefined },
  method: string,
  path: string,
  body: object | undefined,
) {
  const chunks: Uint8Array[] = [];
  const request = buildRequest(endpoint + path, {
    method,
    headers: [
      ["Content-Type", body ? "application/json" : undefined],
      ["Authorization", key ? `Basic ${Buffer.from(key).toString("base64")}` : undefined],
    ],
    ...(body && { body: JSON.stringify(body) }),
  });
  const { head, failure, ...rest } = await exchangeHttp(request, {
    now: Date.now,
    decode: true,
    signal: AbortSignal.timeout(timeoutMs),
    onBody: (chunk) => void chunks.push(chunk),
  });
  if (failure || !head) {
    const { code, error } = describeFailure({ ...rest }, failure ?? new Error("no answer"));
    throw unreachable(endpoint, code ?? error.message, failure);
  }
  return { status: head.status, text: Buffer.concat(chunks).toString("utf8") };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Whoever answers there does not speak our language; the caller says so.
    return undefined;
  }
}

/** The error for an answer with a status of 400 or more. */
export function refusal(text: string, endpoint: string, status: number): Error {
  const { Message, Position, Expected } = (readJson(text) ?? {}) as Partial<WireError>;
  if (Message === undefined) return notOurs(endpoint, status);
  if (Position !== undefined) return new FilterSyntaxError(Message, Position, Expected);
  return new FluoroscopeError("FLUORO_REFUSED", `fluoroscope at ${endpoint} refuses (HTTP ${status}): ${Message}`);
}

/** The error for no answer. */
export function unreachable(endpoint: string, reason: string, cause?: Error): FluoroscopeError {
  const message =
    `No fluoroscope answers at ${endpoint} (${reason}). ` +
    'Start one with "fluoroscope up", or say where it is with --endpoint.';
  return new FluoroscopeError("FLUORO_NOT_REACHABLE", message, { ...(cause && { cause }) });
}

function notOurs(endpoint: string, status: number): FluoroscopeError {
  const message =
    `What answers at ${endpoint} is not fluoroscope (HTTP ${status}). ` +
    'Start one with "fluoroscope up", or say where it is with --endpoint.';
  return new FluoroscopeError("FLUORO_NOT_REACHABLE", message);
}
