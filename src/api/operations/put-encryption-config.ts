import type { Settings } from "../../settings/settings.ts";
import { invalidRequest } from "../aws-errors.ts";
import { keyArn, wireEncryption } from "../encryption.ts";
import { type Operation, operation } from "../operation.ts";
import { choice, object, optional, text } from "../validate.ts";

const request = object({ KeyId: optional(text({ min: 1, max: 3_000 })), Type: choice("NONE", "KMS") });

/** Keeps what AWS would encrypt with. Nothing is encrypted here: that is the disk's business. */
export const putEncryptionConfig: Operation<"settings" | "config"> = operation({
  name: "PutEncryptionConfig",
  path: "/PutEncryptionConfig",
  access: "manage",
  request,
  run({ KeyId, Type }, { settings, config }) {
    if (Type === "KMS" && KeyId === undefined) throw invalidRequest("KeyId is missing: Type KMS needs it.");
    if (Type === "NONE" && KeyId !== undefined) throw invalidRequest("KeyId must be left out with Type NONE.");
    const encryption: Settings["encryption"] =
      KeyId === undefined ? { type: "NONE" } : { type: "KMS", keyId: keyArn(KeyId, config) };
    return settings.change((all) => ({
      document: { ...all, encryption },
      result: { EncryptionConfig: wireEncryption(encryption) },
    }));
  },
});
