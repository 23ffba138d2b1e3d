/** A host's name, IPv4 address or IPv6 address without brackets, and a port. An empty host is every address. */
export interface ListenAddress {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
}

/** `dev` shows all there is; `prod` is `info`. The original daemon's words. */
export type DaemonLogLevel = "dev" | "debug" | "info" | "warn" | "error" | "prod";

/** All settings of `fluoroscope daemon` with their values. Frozen. */
export interface DaemonConfig {
  readonly udpAddress: ListenAddress;
  readonly tcpAddress: ListenAddress;
  /** Where documents go: `aws`, `http(s)://host:port` (an X-Ray API, unsigned), `otlp:http(s)://host:port`. */
  readonly destinations: readonly string[];
  /** Needed only by `aws`; found from the surroundings when nobody names it. */
  readonly region?: string | undefined;
  /** AWS X-Ray's address, where it is not the region's own. */
  readonly endpoint?: string | undefined;
  readonly roleArn?: string | undefined;
  readonly externalId?: string | undefined;
  /** What telemetry says about whose daemon this is. */
  readonly resourceArn?: string | undefined;
  /** Ask no metadata service about this machine. */
  readonly localMode: boolean;
  readonly proxyAddress?: string | undefined;
  readonly verifyTls: boolean;
  /** PEM file of certificate authorities to trust besides the system's own. */
  readonly caFile?: string | undefined;
  /** Most that documents may take in memory, before they go to disk. */
  readonly memoryBytes: number;
  /** Requests under way at a time, for each destination. */
  readonly concurrency: number;
  /** Absent: nothing is written to disk. */
  readonly spillFolder?: string | undefined;
  readonly spillMaxBytes: number;
  /** Most that sending what waits may take after SIGTERM; the rest goes to disk. */
  readonly shutdownSeconds: number;
  /** Absent: standard output. */
  readonly logPath?: string | undefined;
  readonly logLevel: DaemonLogLevel;
  readonly logRotation: boolean;
  readonly logFormat: "text" | "json";
}
