import type { Remote } from "../api/remote-operations.ts";
import type { WayOutStatus } from "../forward/outbox-figures.ts";
import type { XrayApi } from "../forward/xray-api.ts";
import type { Log } from "../log.ts";
import { askApi } from "./ask-api.ts";
import { askFluoroscope } from "./ask-fluoroscope.ts";
import type { Upstream } from "./open-upstream.ts";
import { RemoteStore } from "./remote-store.ts";
import { RemoteTraces } from "./remote-traces.ts";

/** The X-Ray API of an upstream in the place of a store of our own. */
export interface OpenedRemote {
  readonly store: RemoteStore;
  readonly remote: Remote;
  /** The upstream, whose health is also whether the API answers. */
  readonly upstream: Upstream;
}

/** Asks nobody before there is a question. */
export function openRemote(upstream: Upstream, api: XrayApi, log: Log): OpenedRemote {
  const watched = watchApi(api);
  // AWS would have the question signed, and not know it.
  const fluoroscope = upstream.destination.kind === "aws" ? async () => undefined : askFluoroscope(watched.api);
  const traces = new RemoteTraces(askApi(watched.api));
  return {
    store: new RemoteStore({ traces, put: upstream.put, usage: async () => (await fluoroscope())?.store, log }),
    remote: { api: watched.api, isFluoroscope: async () => (await fluoroscope()) !== undefined },
    upstream: { ...upstream, status: () => ailing(upstream.status(), watched.trouble()) },
  };
}

/** The same API, and why it did not answer the last question, if it did not. */
function watchApi(api: XrayApi): { readonly api: XrayApi; trouble(): string | undefined } {
  let trouble: string | undefined;
  return {
    api: {
      ...api,
      async request(request) {
        try {
          const answer = await api.request(request);
          trouble = undefined;
          return answer;
        } catch (error) {
          if (!request.signal?.aborted) trouble = error instanceof Error ? error.message : String(error);
          throw error;
        }
      },
    },
    trouble: () => trouble,
  };
}

function ailing(status: WayOutStatus, reason: string | undefined): WayOutStatus {
  if (reason === undefined || status.health.state === "degraded") return status;
  return { ...status, health: { state: "degraded", reason } };
}
