import { useQuery } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { Link } from "wouter";
import { parseTraceId, traceIdSeconds } from "../../xray/trace-id.ts";
import { useView } from "../address/use-view.ts";
import { pageAddress } from "../address/view-address.ts";
import { readStatus } from "../api-client.ts";
import { formatMoment } from "../ui/format.ts";
import { usePageTitle } from "../ui/page-title.ts";

/** Why a trace cannot be shown: not come yet, removed, or never there. */
export function MissingTrace({ id }: { id: string }): ReactElement {
  usePageTitle("No such trace");
  const { view } = useView();
  const { data: status } = useQuery({ queryKey: ["status"], queryFn: ({ signal }) => readStatus(signal) });
  const traceId = parseTraceId(id);
  const seconds = traceId === undefined ? undefined : traceIdSeconds(traceId);
  const oldest = status?.store.oldestSeconds;
  return (
    <div className="empty">
      <h1>This trace is not here</h1>
      <p>
        <code className="breaks">{id}</code>
      </p>
      <p className="muted">{reason(seconds, oldest)}</p>
      <p className="actions">
        <Link className="button" href={pageAddress("/traces", view)}>
          All traces
        </Link>
      </p>
    </div>
  );
}

function reason(seconds: number | undefined, oldestSeconds: number | undefined): string {
  if (seconds === undefined) return "That is not the id of a trace: it reads 1-8hex-24hex.";
  if (oldestSeconds !== undefined && seconds < Math.floor(oldestSeconds)) {
    return `It is from ${formatMoment(seconds)}. Retention has removed what is older than ${formatMoment(oldestSeconds)}.`;
  }
  return "If its services still run it may come yet: this page will show it then.";
}
