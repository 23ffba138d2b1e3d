import { useQuery } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { useState } from "react";
import { Redirect } from "wouter";
import { useView } from "../address/use-view.ts";
import { pageAddress } from "../address/view-address.ts";
import { readStatus } from "../api-client.ts";
import { FirstRun } from "../first-run/first-run.tsx";
import { Failure } from "../ui/failure.tsx";

/** Where one starts: the map, or, while there has never been a trace here, how to send the first one. */
export function HomePage(): ReactElement | null {
  const { view } = useView();
  const [wasEmpty, setWasEmpty] = useState<boolean>();
  const { data: status, error } = useQuery({ queryKey: ["status"], queryFn: ({ signal }) => readStatus(signal) });
  if (status === undefined) return error === null ? null : <Failure error={error} what="Not connected" />;
  if (wasEmpty === undefined) {
    setWasEmpty(status.store.traces === 0 && !status.upstream?.remote);
    return null;
  }
  return wasEmpty ? <FirstRun /> : <Redirect to={pageAddress("/map", view)} replace />;
}
