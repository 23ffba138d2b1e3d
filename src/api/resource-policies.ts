import type { ResourcePolicy, Settings } from "../settings/settings.ts";
import { AwsError } from "./aws-errors.ts";
import { type Check, text } from "./validate.ts";

/** `PolicyName` of a request. */
export const policyName: Check<string> = text({ min: 1, max: 128, pattern: /^[\w+=,.@-]+$/ });

/** In AWS's spelling. */
export function wirePolicy({ name, document, revision, updatedSeconds }: ResourcePolicy): object {
  return {
    PolicyName: name,
    PolicyDocument: document,
    PolicyRevisionId: revision,
    LastUpdatedTime: updatedSeconds,
  };
}

/** The policy of that name, if its revision is the one that the caller has seen (or did not ask about). */
export function policyAt(settings: Settings, name: string, revision: string | undefined): ResourcePolicy | undefined {
  const policy = settings.resourcePolicies.find((each) => each.name === name);
  // Revision 0 is that of a policy which is not there yet.
  if (revision === undefined || revision === (policy?.revision ?? "0")) return policy;
  const message = `The policy ${name} is at revision ${policy?.revision ?? "0"}, not ${JSON.stringify(revision)}.`;
  throw new AwsError(400, "InvalidPolicyRevisionIdException", message);
}
