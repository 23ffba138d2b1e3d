import type { AuditLog } from "./audit-log.ts";
import { AwsError } from "./aws-errors.ts";
import type { Operation } from "./operation.ts";

/** The operation, each call of which goes on record before it is answered, if it changes settings. */
export function audited(operation: Operation, audit: AuditLog): Operation {
  const { name, access, run } = operation;
  if (access !== "manage") return operation;
  return {
    ...operation,
    async run(body, api, caller) {
      const { key, address = "" } = caller;
      const entry = {
        time: new Date(api.now()).toISOString(),
        operation: name,
        ...(key !== undefined && { key }),
        address,
        request: body,
      };
      try {
        const answer = await run(body, api, caller);
        await audit({ ...entry, outcome: "ok" });
        return answer;
      } catch (error) {
        await audit({ ...entry, outcome: error instanceof AwsError ? error.code : "InternalFailure" });
        throw error;
      }
    },
  };
}
