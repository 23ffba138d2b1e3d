import { useQuery } from "@tanstack/react-query";
import type { ReactElement } from "react";
import type { Status } from "../../api/wire.ts";
import { presets, type TimeSpan } from "../address/time-span.ts";
import { useView } from "../address/use-view.ts";
import { readStatus } from "../api-client.ts";
import { formatAge } from "./format.ts";

/** Why a map or a list is empty, and what would fill it. */
export function NothingHere({ what }: { what: string }): ReactElement {
  const { view, show } = useView();
  const { data: status } = useQuery({ queryKey: ["status"], queryFn: ({ signal }) => readStatus(signal) });
  const newest = status?.store.newestSeconds;
  const ageSeconds = newest === undefined ? undefined : Date.now() / 1000 - newest;
  const wider = presets.find(({ seconds }) => isWider(seconds, view.span) && seconds > (ageSeconds ?? 0));
  return (
    <div className="empty" role="status">
      <h2>{view.filter === "" ? `No ${what} in this time` : `No trace matches this filter in this time`}</h2>
      {view.filter !== "" && (
        <p>
          <code className="breaks">{view.filter}</code>
        </p>
      )}
      <p className="muted">
        {ageSeconds === undefined ? nothingKnown(status) : `The newest trace came ${formatAge(ageSeconds)} ago.`}
      </p>
      <p className="actions">
        {view.filter !== "" && (
          <button type="button" onClick={() => show({ filter: "" }, "push")}>
            Drop the filter
          </button>
        )}
        {wider !== undefined && (
          <button type="button" onClick={() => show({ span: { kind: "last", seconds: wider.seconds } }, "push")}>
            Show the {wider.label.toLowerCase()}
          </button>
        )}
      </p>
    </div>
  );
}

function nothingKnown(status: Status | undefined): string {
  return status?.upstream?.remote ? `${status.upstream.name} has none.` : "Nothing has arrived yet.";
}

function isWider(seconds: number, span: TimeSpan): boolean {
  return span.kind === "between" || seconds > span.seconds;
}
