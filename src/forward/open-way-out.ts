import type { Log } from "../log.ts";
import type { WayOut } from "./way-out.ts";
import type { XrayApi } from "./xray-api.ts";

/** What a way out needs of the daemon's configuration, under the same names, and of the world around it. */
export interface WayOutOptions {
  /** Needed for AWS. */
  readonly region?: string | undefined;
  /** Instead of the region's own endpoint. */
  readonly endpoint?: string | undefined;
  readonly roleArn?: string | undefined;
  readonly externalId?: string | undefined;
  readonly proxyAddress?: string | undefined;
  readonly verifyTls?: boolean | undefined;
  readonly caFile?: string | undefined;
  /** Most requests at a time. */
  readonly concurrency?: number | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
  /** Of fluoroscope, for the user agent. */
  readonly version: string;
  /** Milliseconds. */
  readonly now?: () => number;
}

/** A way out, and the X-Ray API behind it where there is one. Closing the way out closes both. */
export interface OpenedWayOut {
  readonly wayOut: WayOut;
  readonly api?: XrayApi;
}
