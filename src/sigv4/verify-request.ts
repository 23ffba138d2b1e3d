import { timingSafeEqual } from "node:crypto";
import { type Claim, readClaim, SignatureFault } from "./read-claim.ts";
import { sha256, signature } from "./sign-request.ts";
import type { SigningKeys } from "./signing-keys.ts";

/** A request as it was received. */
export interface ReceivedRequest {
  readonly method: string;
  /** Path and query as they stand on the request line. */
  readonly target: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Uint8Array;
}

/** What has to be known of a key to check a signature. */
export interface KnownKey {
  readonly secretAccessKey: string;
  /** Of credentials that expire: then the request must carry it. */
  readonly sessionToken?: string;
}

export interface VerifyOptions<K extends KnownKey> {
  readonly findKey: (accessKeyId: string) => K | undefined;
  readonly service: string;
  /** Milliseconds. */
  readonly now: number;
  readonly keys: SigningKeys;
}

export type Verdict<K> =
  | { readonly kind: "unsigned" }
  | { readonly kind: "signed"; readonly accessKeyId: string; readonly key: K }
  /** `code` is what AWS's clients turn into the exception's class; they correct their clock for some. */
  | { readonly kind: "refused"; readonly status: number; readonly code: string; readonly message: string };

/** As on AWS: a clock may be wrong by so much. */
const skewMs = 15 * 60_000;

/**
 * Checks the signature (version 4) of a request: in its `Authorization` header, or presigned in its query. Any region of
 * the credential is taken. The body must be what was signed: payloads that are unsigned or signed piece by piece are
 * taken by S3 alone.
 */
export function verifyRequest<K extends KnownKey>(request: ReceivedRequest, options: VerifyOptions<K>): Verdict<K> {
  try {
    const claim = readClaim(request, options.service);
    if (claim === undefined) return { kind: "unsigned" };
    const key = options.findKey(claim.accessKeyId);
    if (key === undefined) {
      throw new SignatureFault(403, "UnrecognizedClientException", "There is no such access key here.");
    }
    checkToken(claim, key);
    checkTime(claim, options.now);
    checkSignature(request, claim, options.keys.key(key.secretAccessKey, claim.scope));
    return { kind: "signed", accessKeyId: claim.accessKeyId, key };
  } catch (error) {
    if (!(error instanceof SignatureFault)) throw error;
    return { kind: "refused", status: error.status, code: error.code, message: error.message };
  }
}

function checkToken({ sessionToken }: Claim, key: KnownKey): void {
  if (key.sessionToken === undefined) return;
  if (sessionToken === undefined || !isSame(sessionToken, key.sessionToken)) {
    throw new SignatureFault(403, "UnrecognizedClientException", "The security token of the request is not the key's.");
  }
}

/** AWS's words, as far as clients look for them: they set their clock by the answer's `Date` and try again. */
function checkTime({ time, timeMs, expiresSeconds }: Claim, now: number): void {
  if (timeMs > now + skewMs) {
    throw new SignatureFault(403, "InvalidSignatureException", `Signature not yet current: ${time} is in the future.`);
  }
  const livesMs = expiresSeconds === undefined ? skewMs : expiresSeconds * 1_000;
  if (timeMs < now - livesMs) {
    throw new SignatureFault(403, "InvalidSignatureException", `Signature expired: ${time} is too long ago.`);
  }
}

function checkSignature(request: ReceivedRequest, claim: Claim, key: Buffer): void {
  const payloadHash = sha256(request.body);
  if (claim.payloadHash !== undefined && claim.payloadHash !== payloadHash) {
    const message = "The body is not the one that was signed (x-amz-content-sha256).";
    throw new SignatureFault(403, "InvalidSignatureException", message);
  }
  const { signedHeaders, time, scope } = claim;
  const { method, target, headers } = request;
  const expected = signature({ method, target, headers, payloadHash }, { signedHeaders, time, scope, key });
  if (!isSame(claim.signature, expected)) {
    const message =
      "The signature does not match the request. Check the secret key, and what is between client and server.";
    throw new SignatureFault(403, "InvalidSignatureException", message);
  }
}

/** Takes as long whatever is different. */
function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
