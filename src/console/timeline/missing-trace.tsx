import { useQuery } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { Link } from "wouter";
import { parseTraceId, traceIdSeconds } from "../../xray/trace-id.ts";
import { useView } from "../address/use-view.ts";
import { pageAddress } from "../address/view-address.ts";
import { readStatus } from "../api-client.ts";
import { useServerSettings } from "../settings/use-settings.ts";
import { usePageTitle } from "../ui/page-title.ts";
import { ImportButton } from "./import-button.tsx";
import { whyMissing } from "./why-missing.ts";

/** A trace that is not there: why, and where to go from here. */
export function MissingTrace({ id }: { id: string }): ReactElement {
  usePageTitle("No such trace");
  const { view } = useView();
  const { data: status } = useQuery({ queryKey: ["status"], queryFn: ({ signal }) => readStatus(signal) });
  const settings = useServerSettings();
  const traceId = parseTraceId(id);
  const reason = whyMissing({
    traceSeconds: traceId === undefined ? undefined : traceIdSeconds(traceId),
    nowSeconds: Date.now() / 1000,
    retentionSeconds: settings?.keeps.retentionSeconds,
    oldestSeconds: status?.store.oldestSeconds,
  });
  return (
    <div className="empty">
      <h1>This trace is not here</h1>
      <p>
        <code className="breaks">{id}</code>
      </p>
      <p className="muted">{reason}</p>
      <p className="actions">
        <Link className="button" href={pageAddress("/traces", view)}>
          All traces
        </Link>
        <ImportButton />
      </p>
    </div>
  );
}
