import { AwsError } from "../aws-errors.ts";
import { type Operation, operation } from "../operation.ts";
import { policyAt, policyName } from "../resource-policies.ts";
import { object, optional, text } from "../validate.ts";

const request = object({ PolicyName: policyName, PolicyRevisionId: optional(text()) });

/** Takes a policy away. One that is not there is no mistake, unless a revision of it was named. */
export const deleteResourcePolicy: Operation<"settings"> = operation({
  name: "DeleteResourcePolicy",
  path: "/DeleteResourcePolicy",
  access: "manage",
  request,
  run({ PolicyName, PolicyRevisionId }, { settings }) {
    return settings.change((all) => {
      const policy = policyAt(all, PolicyName, PolicyRevisionId);
      if (policy === undefined && PolicyRevisionId !== undefined) {
        throw new AwsError(400, "InvalidPolicyRevisionIdException", `There is no policy ${PolicyName}.`);
      }
      const resourcePolicies = all.resourcePolicies.filter((each) => each !== policy);
      return { document: { ...all, resourcePolicies }, result: {} };
    });
  },
});
