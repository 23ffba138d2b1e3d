import { wireEncryption } from "../encryption.ts";
import { type Operation, operation } from "../operation.ts";
import { object } from "../validate.ts";

const request = object({});

/** With which key AWS would encrypt; told back as it was set. */
export const getEncryptionConfig: Operation<"settings" | "config"> = operation({
  name: "GetEncryptionConfig",
  path: "/EncryptionConfig",
  access: "read",
  request,
  async run(_, { settings }) {
    return { EncryptionConfig: wireEncryption((await settings.read()).encryption) };
  },
});
