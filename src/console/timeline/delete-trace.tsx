import { useQueryClient } from "@tanstack/react-query";
import type { ReactElement } from "react";
import type { Skeleton } from "../../analysis/skeleton.ts";
import { useView } from "../address/use-view.ts";
import { post } from "../api-client.ts";
import { mayRemove } from "../settings/may-remove.ts";
import { useServerSettings } from "../settings/use-settings.ts";
import { ConfirmPopover } from "../ui/confirm-popover.tsx";
import { formatMoment, plural } from "../ui/format.ts";

/** Removes one trace, for who may, and leads to the others. */
export function DeleteTrace({ trace }: { trace: Skeleton }): ReactElement | null {
  const { go } = useView();
  const client = useQueryClient();
  if (!mayRemove(useServerSettings())) return null;
  const { method, title } = trace.words;
  const remove = async (): Promise<void> => {
    await post("/api/traces/remove", { TraceIds: [trace.id] });
    // The list that this trace was chosen from must not be shown again; and this page, before it asks for what is gone.
    client.removeQueries({ queryKey: ["traces"] });
    go("/traces");
  };
  return (
    <ConfirmPopover action="Delete this trace" isSmall onConfirm={remove}>
      <p>
        <b className="breaks">{[method, title].filter(Boolean).join(" ")}</b> of {formatMoment(trace.startSeconds)},{" "}
        {plural(trace.count + trace.left, "span")} of {plural(trace.services.length, "service")}, goes from the lists,
        the map and every figure. That cannot be taken back; export it first to keep it.
      </p>
    </ConfirmPopover>
  );
}
