import { createHash } from "node:crypto";
import { canonicalRequest, type SignableRequest } from "./canonical-request.ts";
import { hmac, type Scope, type SigningKeys, scopeText } from "./signing-keys.ts";

/** Whose signature it is. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of credentials that expire. */
  readonly sessionToken?: string | undefined;
}

export interface RequestToSign {
  readonly method: string;
  readonly url: URL;
  /** Headers that the signature shall cover besides those that it adds and `host`. Names in lower case. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body: Uint8Array;
}

export interface SigningOptions {
  readonly credentials: Credentials;
  readonly region: string;
  readonly service: string;
  /** Milliseconds. */
  readonly now: number;
  readonly keys: SigningKeys;
}

const algorithm = "AWS4-HMAC-SHA256";

/**
 * Signs a request with AWS Signature Version 4. Answers the headers to add, `authorization` last; the request is to be
 * sent with these, with those that were given, and with the URL's host.
 */
export function signRequest(request: RequestToSign, options: SigningOptions): Record<string, string> {
  const { credentials, region, service, keys } = options;
  const time = timestamp(options.now);
  const payloadHash = sha256(request.body);
  const added: Record<string, string> = {
    "x-amz-content-sha256": payloadHash,
    "x-amz-date": time,
    ...(credentials.sessionToken !== undefined && { "x-amz-security-token": credentials.sessionToken }),
  };
  const headers = { host: request.url.host, ...request.headers, ...added };
  const signedHeaders = Object.keys(headers).sort();
  const target = request.url.pathname + request.url.search;
  const scope = { date: time.slice(0, 8), region, service };
  const key = keys.key(credentials.secretAccessKey, scope);
  const signed = signature(
    { method: request.method, target, headers, payloadHash },
    { signedHeaders, time, scope, key },
  );
  const credential = `${credentials.accessKeyId}/${scopeText(scope)}`;
  added.authorization = `${algorithm} Credential=${credential}, SignedHeaders=${signedHeaders.join(";")}, Signature=${signed}`;
  return added;
}

/** The signature itself, for whoever signs in headers or in the query, and for whoever checks either. */
export function signature(
  request: SignableRequest,
  about: {
    /** In lower case, sorted. */
    readonly signedHeaders: readonly string[];
    /** As in `x-amz-date`. */
    readonly time: string;
    readonly scope: Scope;
    readonly key: Buffer;
  },
): string {
  const digest = sha256(canonicalRequest(request, about.signedHeaders));
  return hmac(about.key, `${algorithm}\n${about.time}\n${scopeText(about.scope)}\n${digest}`).toString("hex");
}

/** Milliseconds as `20261124T120000Z`. */
export function timestamp(now: number): string {
  return `${new Date(now).toISOString().slice(0, 19).replace(/[-:]/g, "")}Z`;
}

/** Hexadecimal. */
export function sha256(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}
