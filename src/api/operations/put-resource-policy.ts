import type { ResourcePolicy } from "../../settings/settings.ts";
import { AwsError } from "../aws-errors.ts";
import { type Operation, operation } from "../operation.ts";
import { policyAt, policyName, wirePolicy } from "../resource-policies.ts";
import { flag, object, optional, text } from "../validate.ts";

const request = object({
  PolicyName: policyName,
  PolicyDocument: text(),
  PolicyRevisionId: optional(text()),
  BypassPolicyLockoutCheck: optional(flag),
});

const mostPolicies = 5;
const mostBytes = 5 * 1_024;

/** Keeps a policy. Nobody is let in or kept out by it: keys are what this server goes by. */
export const putResourcePolicy: Operation<"settings" | "now"> = operation({
  name: "PutResourcePolicy",
  path: "/PutResourcePolicy",
  access: "manage",
  request,
  run({ PolicyName, PolicyDocument, PolicyRevisionId }, { settings, now }) {
    checkDocument(PolicyDocument);
    return settings.change((all) => {
      const before = policyAt(all, PolicyName, PolicyRevisionId);
      const others = all.resourcePolicies.filter((policy) => policy !== before);
      if (others.length >= mostPolicies) {
        const message = `There are ${mostPolicies} policies already, which is the most there may be.`;
        throw new AwsError(400, "PolicyCountLimitExceededException", message);
      }
      const policy: ResourcePolicy = {
        name: PolicyName,
        document: PolicyDocument,
        revision: String(Number(before?.revision ?? "0") + 1),
        updatedSeconds: now() / 1000,
      };
      return {
        document: { ...all, resourcePolicies: [...others, policy] },
        result: { ResourcePolicy: wirePolicy(policy) },
      };
    });
  },
});

function checkDocument(document: string): void {
  if (Buffer.byteLength(document) > mostBytes) {
    const message = `PolicyDocument may have at most ${mostBytes} bytes.`;
    throw new AwsError(400, "PolicySizeLimitExceededException", message);
  }
  let content: unknown;
  try {
    content = JSON.parse(document);
  } catch (error) {
    throw malformed(`PolicyDocument is not JSON (${(error as Error).message}).`);
  }
  if (typeof content !== "object" || content === null || !("Statement" in content)) {
    throw malformed("PolicyDocument must be an object with a Statement.");
  }
}

function malformed(message: string): AwsError {
  return new AwsError(400, "MalformedPolicyDocumentException", message);
}
