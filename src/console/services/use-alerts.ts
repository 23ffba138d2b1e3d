import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { ServiceAlert, ServiceAlerts } from "../../api/wire-services.ts";
import { get, post } from "../api-client.ts";

const queryKey = ["alerts"];
const none: readonly ServiceAlert[] = [];

/** The limits that services have; none where the server keeps no such thing. */
export function useAlerts(): readonly ServiceAlert[] {
  const { data } = useQuery({
    queryKey,
    queryFn: ({ signal }) => get<ServiceAlerts>("/api/alerts", signal),
    staleTime: 30_000,
  });
  return data?.alerts ?? none;
}

/** Sets the limits of a service. */
export function useSetAlert(): { save: (alert: ServiceAlert) => void; error: Error | null; isBusy: boolean } {
  const client = useQueryClient();
  const { mutate, error, isPending } = useMutation({
    mutationFn: ({ service, faultPercent, p95Seconds }: ServiceAlert) =>
      post("/api/alerts", { Service: service, FaultPercent: faultPercent, P95Seconds: p95Seconds }),
    onSuccess: () => client.invalidateQueries({ queryKey }),
  });
  return { save: mutate, error, isBusy: isPending };
}
