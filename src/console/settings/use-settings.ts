import { type UseMutationResult, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { GetGroupsResponse, GetSamplingRulesResponse, WireGroup, WireSamplingRuleRecord } from "../../api/wire.ts";
import type { ServerSettings } from "../../api/wire-settings.ts";
import { get, post } from "../api-client.ts";

/** What was configured; `undefined` while on its way, or where the server does not tell. */
export function useServerSettings(): ServerSettings | undefined {
  const { data } = useQuery({
    queryKey: ["settings"],
    queryFn: ({ signal }) => get<ServerSettings>("/api/settings", signal),
    staleTime: 30_000,
  });
  return data;
}

/** The sampling rules, as the API has them. */
export function useSamplingRules(): { rules: readonly WireSamplingRuleRecord[] | undefined; error: Error | null } {
  const { data, error } = useQuery({
    queryKey: ["sampling-rules"],
    queryFn: ({ signal }) => post<GetSamplingRulesResponse>("/GetSamplingRules", {}, { signal }),
  });
  return { rules: data?.SamplingRuleRecords, error };
}

/** The groups, `Default` among them. */
export function useGroups(): { groups: readonly WireGroup[] | undefined; error: Error | null } {
  const { data, error } = useQuery({
    queryKey: ["groups", "as told"],
    queryFn: ({ signal }) => post<GetGroupsResponse>("/Groups", {}, { signal }),
  });
  return { groups: data?.Groups, error };
}

/** A change of the settings: an operation of the API, after which what it touches is asked for again. */
export interface Change {
  readonly path: string;
  readonly body: object;
}

export function useChange(touches: "sampling-rules" | "groups"): UseMutationResult<object, Error, Change> {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ path, body }: Change) => post<object>(path, body),
    onSuccess: () => client.invalidateQueries({ queryKey: [touches] }),
  });
}
