import type { AccessKeys } from "./access-keys.ts";
import { authenticator, authorize } from "./authenticate.ts";
import { AwsError } from "./aws-errors.ts";

/** Why somebody is turned away. */
interface Refusal {
  readonly status: 401 | 403;
  readonly message: string;
}

/**
 * Lets in those who may send documents, by an access key in HTTP Basic: exporters of OpenTelemetry sign nothing, and can be
 * given headers.
 */
export function admitWriters(keys: AccessKeys, now: () => number): (authorization?: string) => Refusal | undefined {
  const { basic } = authenticator(keys, now);
  return (authorization) => {
    try {
      const key = basic(authorization);
      if (key === undefined) return { status: 401, message: "This server wants an access key, in HTTP Basic." };
      authorize(key, "write");
      return undefined;
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      return { status: error.status === 401 ? 401 : 403, message: error.message };
    }
  };
}
