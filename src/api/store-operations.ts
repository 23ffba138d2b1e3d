import { parseTraceId } from "../xray/trace-id.ts";
import { invalidRequest } from "./aws-errors.ts";
import { type Operation, operation } from "./operation.ts";
import { traceId } from "./read-traces.ts";
import { list, object } from "./validate.ts";
import type { Removed } from "./wire-settings.ts";

/** More are better left to retention, or cleared. */
const mostTraces = 100;

const clearStore: Operation<"store"> = operation({
  name: "ClearStore",
  path: "/api/store/clear",
  access: "manage",
  request: object({}),
  async run(_members, { store }): Promise<Removed> {
    const { traces } = await store.usage();
    await store.clear();
    return { Removed: traces };
  },
});

const tracesToRemove = object({ TraceIds: list(traceId, { min: 1, max: mostTraces }) });

const removeTraces: Operation<"store"> = operation({
  name: "RemoveTraces",
  path: "/api/traces/remove",
  access: "manage",
  request: tracesToRemove,
  async run({ TraceIds }, { store }): Promise<Removed> {
    if (store.remove === undefined)
      throw invalidRequest("This store removes whole stretches of time, no single traces.");
    return { Removed: await store.remove(TraceIds.flatMap((id) => parseTraceId(id) ?? [])) };
  },
});

/** What takes away what is kept, for which X-Ray has no operations. */
export const storeOperations: readonly Operation[] = [clearStore, removeTraces];
