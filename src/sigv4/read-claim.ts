import type { Scope } from "./signing-keys.ts";
import type { ReceivedRequest } from "./verify-request.ts";

/** What a request says of its own signature; nothing of it has been checked against a key. */
export interface Claim {
  readonly accessKeyId: string;
  readonly scope: Scope;
  /** In lower case, in the order given. */
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  /** As `20261124T120000Z`. */
  readonly time: string;
  readonly timeMs: number;
  /** Presigned requests say how long they hold. */
  readonly expiresSeconds: number | undefined;
  readonly sessionToken: string | undefined;
  /** `x-amz-content-sha256`, where the request has it. */
  readonly payloadHash: string | undefined;
}

/** Why a signature is not accepted, as AWS answers it. */
export class SignatureFault extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.name = "SignatureFault";
    this.status = status;
    this.code = code;
  }
}

const algorithm = "AWS4-HMAC-SHA256";
const longestSeconds = 7 * 86_400;

/** Reads the claim in the `Authorization` header, or else in the query; `undefined` when there is neither. */
export function readClaim(request: ReceivedRequest, service: string): Claim | undefined {
  const authorization = one(request, "authorization");
  const query = new URLSearchParams(split(request.target, "?")[1]);
  if (authorization !== undefined) return readHeader(authorization, request, service);
  return query.has("X-Amz-Signature") ? readQuery(query, request, service) : undefined;
}

function readHeader(authorization: string, request: ReceivedRequest, service: string): Claim {
  const [scheme, rest = ""] = split(authorization.trim(), " ");
  if (scheme !== algorithm) throw incomplete(`the scheme of Authorization is not ${algorithm}`);
  const parts = new Map(rest.split(",").map((part) => split(part.trim(), "=")));
  const time = one(request, "x-amz-date");
  if (time === undefined) throw incomplete("the header x-amz-date is missing");
  return claimOf(
    {
      credential: parts.get("Credential"),
      signedHeaders: parts.get("SignedHeaders"),
      signature: parts.get("Signature"),
      time,
      expires: undefined,
      sessionToken: one(request, "x-amz-security-token"),
    },
    request,
    service,
  );
}

function readQuery(query: URLSearchParams, request: ReceivedRequest, service: string): Claim {
  if (query.get("X-Amz-Algorithm") !== algorithm) throw incomplete(`X-Amz-Algorithm is not ${algorithm}`);
  return claimOf(
    {
      credential: query.get("X-Amz-Credential") ?? undefined,
      signedHeaders: query.get("X-Amz-SignedHeaders") ?? undefined,
      signature: query.get("X-Amz-Signature") ?? undefined,
      time: query.get("X-Amz-Date") ?? "",
      expires: query.get("X-Amz-Expires") ?? "",
      sessionToken: query.get("X-Amz-Security-Token") ?? undefined,
    },
    request,
    service,
  );
}

interface Parts {
  readonly credential: string | undefined;
  readonly signedHeaders: string | undefined;
  readonly signature: string | undefined;
  readonly time: string;
  readonly expires: string | undefined;
  readonly sessionToken: string | undefined;
}

function claimOf(parts: Parts, request: ReceivedRequest, service: string): Claim {
  const { credential, signedHeaders: names, signature, time, expires, sessionToken } = parts;
  if (!credential || !names || !signature) throw incomplete("Credential, SignedHeaders or Signature is missing");
  const [accessKeyId, date, region, ofService, end, ...more] = credential.split("/");
  if (!accessKeyId || !date || !region || !ofService || end !== "aws4_request" || more.length > 0) {
    throw incomplete("the credential is not key/date/region/service/aws4_request");
  }
  if (ofService !== service) throw incomplete(`the credential is for ${ofService}, not for ${service}`);
  const timeMs = readTime(time);
  if (timeMs === undefined) throw incomplete("the time is not of the form 20261124T120000Z");
  if (time.slice(0, 8) !== date) throw incomplete("the credential is of another day than the time");
  const signedHeaders = names.toLowerCase().split(";");
  checkCovered(signedHeaders, request);
  return {
    accessKeyId,
    scope: { date, region, service },
    signedHeaders,
    signature,
    time,
    timeMs,
    expiresSeconds: readExpiry(expires),
    sessionToken,
    payloadHash: one(request, "x-amz-content-sha256"),
  };
}

/** What a signature does not cover, anybody on the way may change. */
function checkCovered(signedHeaders: readonly string[], { headers }: ReceivedRequest): void {
  const needed = ["host", ...Object.keys(headers).filter((name) => name.startsWith("x-amz-"))];
  const left = needed.find((name) => headers[name] !== undefined && !signedHeaders.includes(name));
  if (left !== undefined) throw incomplete(`the header ${left} is not signed`);
  if (!signedHeaders.includes("host")) throw incomplete("the header host is not signed");
}

function readExpiry(expires: string | undefined): number | undefined {
  if (expires === undefined) return undefined;
  const seconds = /^\d{1,6}$/.test(expires) ? Number(expires) : 0;
  if (seconds < 1 || seconds > longestSeconds) throw incomplete(`X-Amz-Expires is not from 1 to ${longestSeconds}`);
  return seconds;
}

function readTime(time: string): number | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(time);
  if (match === null) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1);
  const timeMs = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(timeMs) ? undefined : timeMs;
}

function one({ headers }: ReceivedRequest, name: string): string | undefined {
  const value = headers[name];
  return typeof value === "object" ? value.join(",") : value;
}

function split(text: string, mark: string): [before: string, after: string] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}

function incomplete(reason: string): SignatureFault {
  return new SignatureFault(400, "IncompleteSignatureException", `The request's signature cannot be read: ${reason}.`);
}
