import { useQuery } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { Link } from "wouter";
import type { UpstreamStatus } from "../../api/wire.ts";
import type { ServerSettings } from "../../api/wire-settings.ts";
import { get, readStatus } from "../api-client.ts";
import { useLive } from "../live/live-store.ts";
import { nearlyFull } from "../settings/forecast-use.ts";
import { formatBytes, formatCount } from "../ui/format.ts";

/** How the server is: what came in, what became of it, what is kept. */
export function StatusFooter(): ReactElement {
  const live = useLive((state) => state.counters);
  const { data: status } = useQuery({
    queryKey: ["status"],
    queryFn: ({ signal }) => readStatus(signal),
    refetchInterval: 10_000,
  });
  const counters = live ?? status?.counters;
  const lost = status?.receiver.lostBySystem ?? 0;
  return (
    <footer className="status tabular">
      {counters !== undefined && (
        <ul aria-label="Documents since the start">
          <Count label="received" count={counters.received} />
          <Count label="accepted" count={counters.accepted} />
          {counters.refused > 0 ? (
            <li className="state-text error">
              <Link href="/settings/problems">{formatCount(counters.refused)} refused</Link>
            </li>
          ) : (
            <Count label="refused" count={0} />
          )}
          <Count label="dropped" count={counters.dropped + lost} isBad />
        </ul>
      )}
      {status?.upstream && <UpstreamNote upstream={status.upstream} />}
      <span className="spacer" />
      {status !== undefined && (
        <ul aria-label="Store">
          {status.store.segments > 0 || !status.upstream?.remote ? (
            <>
              <Count label={status.store.traces === 1 ? "trace" : "traces"} count={status.store.traces} />
              <Count label={status.store.segments === 1 ? "segment" : "segments"} count={status.store.segments} />
              <StoreSize bytes={status.store.bytes} />
            </>
          ) : null}
          <li className="muted version">fluoroscope {status.version}</li>
        </ul>
      )}
    </footer>
  );
}

/** How large the store is; near the most it may be, it says so. */
function StoreSize({ bytes }: { bytes: number }): ReactElement {
  const { data } = useQuery({
    queryKey: ["settings"],
    queryFn: ({ signal }) => get<ServerSettings>("/api/settings", signal),
    staleTime: 30_000,
    refetchInterval: 60_000,
  });
  const { maxBytes, freeBytes } = data?.keeps ?? {};
  // The disk may be full before the store is.
  const most = Math.min(maxBytes ?? Number.POSITIVE_INFINITY, bytes + (freeBytes ?? Number.POSITIVE_INFINITY));
  if (bytes < nearlyFull * most) return <li>{formatBytes(bytes)}</li>;
  return (
    <li className="state-text error">
      <Link href="/settings/storage" title="Nearly full: the oldest traces go next">
        <meter className="near" min={0} max={most} value={bytes} aria-label="Use of the store" /> {formatBytes(bytes)}{" "}
        of {formatBytes(most)}
      </Link>
    </li>
  );
}

/** Whose traces these are when they are not ours, or where ours go as well. */
function UpstreamNote({ upstream }: { upstream: UpstreamStatus }): ReactElement {
  const { name, remote, trouble, sent } = upstream;
  return (
    <ul aria-label="Upstream">
      <li>
        <span className="muted">{remote ? "traces of" : "sent on to"}</span> {name}
        {!remote && <span className="muted">: {formatCount(sent)}</span>}
      </li>
      {trouble !== undefined && <li className="state-text fault">{trouble}</li>}
    </ul>
  );
}

function Count({ label, count, isBad = false }: { label: string; count: number; isBad?: boolean }): ReactElement {
  return (
    <li className={isBad && count > 0 ? "state-text fault" : ""}>
      {formatCount(count)} <span className={isBad && count > 0 ? "" : "muted"}>{label}</span>
    </li>
  );
}
