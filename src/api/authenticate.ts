import { createHash, timingSafeEqual } from "node:crypto";
import { SigningKeys } from "../sigv4/signing-keys.ts";
import { type ReceivedRequest, verifyRequest } from "../sigv4/verify-request.ts";
import type { AccessKey, AccessKeys } from "./access-keys.ts";
import { AwsError, accessDenied } from "./aws-errors.ts";

/** What a request wants to do; `any` key may do `sample`. */
export type Deed = "read" | "write" | "manage" | "sample";

/** Tells who sends a request, or throws the error that AWS answers. */
export interface Authenticator {
  /** Looks at the headers alone: a key in HTTP Basic, as browsers and scrapers send it; `undefined` when there is none. */
  basic(authorization: string | undefined): AccessKey | undefined;
  /** Checks the signature over the whole request. */
  signed(request: ReceivedRequest): AccessKey;
}

/** Without keys everybody is let in, and nobody is asked. */
export function authenticator(keys: AccessKeys, now: () => number): Authenticator {
  const signingKeys = new SigningKeys();
  return {
    basic(authorization) {
      const encoded = /^Basic\s+([\w+/]+=*)$/i.exec(authorization ?? "")?.[1];
      if (encoded === undefined) return undefined;
      const [id = "", ...rest] = Buffer.from(encoded, "base64").toString().split(":");
      const key = keys.get(id);
      // An unknown key takes as long as a wrong secret.
      if (isSame(rest.join(":"), key?.secretAccessKey ?? "") && key !== undefined) return key;
      throw new AwsError(
        401,
        "UnrecognizedClientException",
        "There is no such access key here, or its secret is another.",
      );
    },
    signed(request) {
      const findKey = (id: string): AccessKey | undefined => keys.get(id);
      const verdict = verifyRequest(request, { findKey, service: "xray", now: now(), keys: signingKeys });
      if (verdict.kind === "signed") return verdict.key;
      if (verdict.kind === "refused") throw new AwsError(verdict.status, verdict.code, verdict.message);
      const status = request.method === "GET" ? 401 : 403;
      const message = "This server wants requests that are signed with one of its access keys.";
      throw new AwsError(status, "MissingAuthenticationTokenException", message);
    },
  };
}

/** Refuses what the key is not for. */
export function authorize({ access, id }: AccessKey, deed: Deed): void {
  if (access === "all" || deed === "sample" || access === deed) return;
  throw accessDenied(`The access key ${id} is for ${access === "read" ? "reading" : "writing"} alone.`);
}

function isSame(one: string, other: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}
