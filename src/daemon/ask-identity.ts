import type { Log } from "../log.ts";
import type { DaemonConfig } from "./daemon-config.ts";
import type { TelemetryIdentity } from "./telemetry.ts";

/** Answers a function that asks once who this machine is. It loads what it needs when it is asked: few daemons report at once. */
export function askIdentity(
  { localMode }: DaemonConfig,
  { environment, log }: { readonly environment: Readonly<Record<string, string | undefined>>; readonly log: Log },
): () => Promise<TelemetryIdentity> {
  const ask = async (): Promise<TelemetryIdentity> => {
    const [{ findIdentity }, { instanceMetadata }, { createHttpClient }] = await Promise.all([
      import("./find-identity.ts"),
      import("./instance-metadata.ts"),
      import("../forward/http-client.ts"),
    ]);
    const http = createHttpClient();
    try {
      return await findIdentity({ localMode, environment, metadata: instanceMetadata(http, environment), log });
    } finally {
      await http.close();
    }
  };
  let asked: Promise<TelemetryIdentity> | undefined;
  return () => {
    asked ??= ask();
    return asked;
  };
}
