import { create } from "zustand";
import type { Counters, WireTraceSummary } from "../../api/wire.ts";
import type { ConnectionState } from "./live-connection.ts";

/** What the live stream says, for whoever shows it. */
export interface LiveState {
  readonly connection: ConnectionState;
  readonly counters: Counters | undefined;
  /** Traces that came in or changed, newest last, each once; the list takes them in when its reader asks for them. */
  readonly arrived: ReadonlyMap<string, WireTraceSummary>;
  /** How often something went by unheard: what was loaded before may have gone. */
  readonly gaps: number;
  /** Whether what is seen follows what happens. */
  readonly isFollowing: boolean;
  /** When anything was last heard of the server. */
  readonly heardMs: number;
}

export const useLive = create<LiveState>(() => ({
  connection: { kind: "connecting" },
  counters: undefined,
  arrived: new Map(),
  gaps: 0,
  isFollowing: true,
  heardMs: Date.now(),
}));

export function forgetArrived(): void {
  useLive.setState({ arrived: new Map() });
}

/** What came in before may not be there any more. */
export function noteGap(): void {
  useLive.setState(({ gaps }) => ({ gaps: gaps + 1, arrived: new Map() }));
}

export function toggleFollowing(): void {
  useLive.setState(({ isFollowing }) => ({ isFollowing: !isFollowing }));
}
