/** `GET /api/settings`: what was configured, as far as a page may show it. */
export interface ServerSettings {
  readonly keeps: Keeps;
  readonly access: Access;
}

/** How much is kept for how long, and where. */
export interface Keeps {
  /** Absent where this server keeps nothing itself. */
  readonly retentionSeconds?: number;
  readonly maxBytes?: number;
  /** Absent where everything is in memory. */
  readonly dataDir?: string;
  /** Room left on the disk of that folder, where the system tells. */
  readonly freeBytes?: number;
}

/** Who is let in. */
export interface Access {
  /** Whether keys are asked for at all. */
  readonly isGuarded: boolean;
  /** What whoever asks may do. */
  readonly granted: KeyAccess;
  /** All for who may change anything, else the asker's own. Never a secret. */
  readonly keys: readonly ShownKey[];
}

/** `read` asks questions, `write` sends documents and samples, `all` changes settings too. */
export type KeyAccess = "read" | "write" | "all";

/** An access key without its secret. */
export interface ShownKey {
  readonly id: string;
  readonly access: KeyAccess;
  /** Whose it is. */
  readonly name?: string;
}

/** `POST /api/store/clear`, `POST /api/traces/remove`: how many traces went. */
export interface Removed {
  readonly Removed: number;
}
