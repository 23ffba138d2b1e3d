import type { Log } from "../log.ts";
import type { InstanceMetadata } from "./instance-metadata.ts";

/** What telemetry says about the machine; empty where nobody knows. */
export interface Identity {
  readonly hostname: string;
  readonly instanceId: string;
}

export interface IdentitySources {
  readonly localMode: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly metadata: InstanceMetadata;
  readonly log: Log;
}

/** From `AWS_HOSTNAME` and `AWS_INSTANCE_ID`, else from EC2's metadata service. Never rejects: telemetry does without. */
export async function findIdentity({ localMode, environment, metadata, log }: IdentitySources): Promise<Identity> {
  // Fargate has no such service, and being there is no fault that a log should tell of.
  const isElsewhere = localMode || environment.AWS_EXECUTION_ENV === "AWS_ECS_FARGATE";
  const [hostname = "", instanceId = ""] = await Promise.all(
    [
      { given: environment.AWS_HOSTNAME, name: "hostname" },
      { given: environment.AWS_INSTANCE_ID, name: "instance-id" },
    ].map(({ given, name }) => given || (isElsewhere ? undefined : metadata.read(name))),
  );
  if (!isElsewhere && (hostname === "" || instanceId === "")) {
    log.debug({ hostname, instanceId }, "EC2's metadata service does not say all that telemetry may tell");
  }
  return { hostname, instanceId };
}
