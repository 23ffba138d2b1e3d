import type { Settings } from "../settings/settings.ts";
import type { ArnConfig } from "./arns.ts";

/** In AWS's spelling. AWS is updating for minutes; here a change is active at once, which is what clients wait for. */
export function wireEncryption(encryption: Settings["encryption"]): object {
  const { type } = encryption;
  return { ...(type === "KMS" && { KeyId: encryption.keyId }), Status: "ACTIVE", Type: type };
}

/** The key as AWS tells it back: an ARN, whether it was given as ARN, as alias or as id. */
export function keyArn(keyId: string, { region, accountId }: ArnConfig): string {
  if (keyId.startsWith("arn:")) return keyId;
  return `arn:aws:kms:${region}:${accountId}:${keyId.startsWith("alias/") ? "" : "key/"}${keyId}`;
}
