import { type ReactElement, useEffect, useState } from "react";
import { useLive } from "../live/live-store.ts";
import { formatTime } from "../ui/format.ts";

/** A connection that is back so soon was never missed. */
const patienceMs = 900;

/** Says that the server does not answer, since when, and when it is tried again. What was loaded stays. */
export function ConnectionBanner({ onRetry }: { onRetry: () => void }): ReactElement {
  const connection = useLive((live) => live.connection);
  const heardMs = useLive((live) => live.heardMs);
  const [nowMs, setNowMs] = useState(0);
  const isLost = connection.kind === "lost";
  useEffect(() => {
    if (!isLost) return;
    const timer = setInterval(() => setNowMs(Date.now()), 300);
    return () => clearInterval(timer);
  }, [isLost]);

  const isShown = isLost && nowMs - connection.sinceMs > patienceMs;
  const waitSeconds = isLost ? Math.max(0, Math.ceil((connection.nextTryMs - nowMs) / 1000)) : 0;
  return (
    <div className="banner" role="status" hidden={!isShown}>
      {isShown && (
        <>
          <span>
            <b>fluoroscope does not answer.</b> You see what was there at {formatTime(heardMs / 1000)}.{" "}
            <span aria-hidden="true">{waitSeconds > 0 ? `Next try in ${waitSeconds} s.` : "Trying …"}</span>
          </span>
          <button type="button" onClick={onRetry}>
            Try now
          </button>
        </>
      )}
    </div>
  );
}
