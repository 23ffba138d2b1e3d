import { useQueryClient } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { post } from "../api-client.ts";
import { ConfirmPopover } from "../ui/confirm-popover.tsx";
import { formatBytes, formatMoment, plural } from "../ui/format.ts";

interface ClearStoreProps {
  readonly traces: number;
  readonly bytes: number;
  readonly oldestSeconds: number | undefined;
}

/** Removes all traces at once. */
export function ClearStore({ traces, bytes, oldestSeconds }: ClearStoreProps): ReactElement {
  const client = useQueryClient();
  const clear = async (): Promise<void> => {
    await post("/api/store/clear", {});
    await client.invalidateQueries();
  };
  return (
    <ConfirmPopover action="Remove all traces" onConfirm={clear}>
      <p>
        <b>{plural(traces, "trace")}</b>, {formatBytes(bytes)}
        {oldestSeconds !== undefined && `, since ${formatMoment(oldestSeconds).replace(/\.\d+$/, "")}`}: all of them go,
        with all figures. Groups, sampling rules, insights and access keys stay. It cannot be taken back.
      </p>
    </ConfirmPopover>
  );
}
