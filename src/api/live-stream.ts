import type { ServerResponse } from "node:http";
import type { Filter } from "../filter/tree.ts";
import type { GraphChange } from "../graph/live-graph.ts";
import { Judge } from "../store/judge.ts";
import { segmentsOf } from "../store/segments-of.ts";
import type { StoreChange, TraceStore } from "../store/trace-store.ts";
import type { TraceDigest } from "../trace/digest.ts";
import type { Segment } from "../trace/segment.ts";
import { summarise } from "../trace/summarise.ts";
import type { Counters, MapChange } from "./wire.ts";
import { wireSummary } from "./wire-summary.ts";

/** Events go out at this pace, however fast changes come in; `map` at half of it, `stats` at a quarter. */
const tickMs = 250;
const heartbeatTicks = 60;
/** A client that lets this much pile up gets nothing more, and a `gap` when it has read on. */
const behindBytes = 1024 * 1024;
/** A client that is behind for so long is let go; it will come back and find a gap. */
const behindTicks = 120;
const tracesPerEvent = 50;

interface Client {
  readonly response: ServerResponse;
  readonly judge: Judge;
  /** Newest last. */
  readonly traces: Map<string, TraceDigest>;
  /** Ticks since it fell behind; 0 while it keeps up. */
  behind: number;
}

/**
 * Tells browsers and `fluoroscope tail` what changes, as server-sent events: `trace`, `map`, `stats` and, where something
 * was left out, `gap`. Only listens to the store while somebody listens here.
 */
export class LiveStream {
  readonly #store: TraceStore;
  readonly #counters: () => Counters;
  /** Tells the ids of this run from those of an earlier one. */
  readonly #run: string = Date.now().toString(36);
  readonly #clients: Set<Client> = new Set();
  #changes = 0;
  #ticks = 0;
  #map: MapGathering = gatherMap();
  #stats = "";
  #stop: (() => void) | undefined;

  constructor(store: TraceStore, counters: () => Counters) {
    this.#store = store;
    this.#counters = counters;
  }

  get clients(): number {
    return this.#clients.size;
  }

  /** Takes a response over until either side ends it. */
  connect(response: ServerResponse, options: { filter?: Filter | undefined; lastEventId?: string | undefined }): void {
    const client: Client = { response, judge: new Judge(options.filter), traces: new Map(), behind: 0 };
    response.write("retry: 1000\n\n");
    if (options.lastEventId !== undefined && options.lastEventId !== this.#id()) this.#send(client, "gap", "{}");
    this.#send(client, "stats", JSON.stringify(this.#counters()));
    this.#clients.add(client);
    response.on("close", () => this.#leave(client));
    this.#stop ??= this.#start();
  }

  /** Ends all streams. May be called twice. */
  close(): void {
    for (const client of this.#clients) {
      client.response.end();
      this.#leave(client);
    }
  }

  #start(): () => void {
    const unsubscribe = this.#store.subscribe((change) => this.#publish(change));
    const timer = setInterval(() => this.#tick(), tickMs);
    return () => {
      unsubscribe();
      clearInterval(timer);
    };
  }

  #leave(client: Client): void {
    this.#clients.delete(client);
    if (this.#clients.size > 0) return;
    this.#stop?.();
    this.#stop = undefined;
    this.#map = gatherMap();
  }

  /** Takes note of a change of the store; what has gathered goes out with the next tick. */
  #publish(change: StoreChange): void {
    this.#changes += 1;
    this.#map.add(change.graph);
    for (const client of this.#clients) {
      const { judge } = client;
      const digests = change.digests.filter(judge.lets);
      if (!judge.readsDocuments) gather(client, digests);
      else if (digests.length > 0) void this.#gatherRead(client, digests);
    }
  }

  /** The same where documents must be read; what cannot be read is a gap. */
  async #gatherRead(client: Client, digests: readonly TraceDigest[]): Promise<void> {
    try {
      const traces = await this.#store.readTraces(digests.map(({ id }) => id));
      const documents = new Map(traces.map((trace) => [trace.id, trace.documents]));
      const read = (id: string): Segment[] => (documents.get(id) ?? []).flatMap((text) => segmentsOf(text, id));
      gather(
        client,
        digests.filter((digest) => client.judge.holds(digest, read)),
      );
    } catch {
      // The store is being closed, or its disk fails: those who write to it are told why.
      if (this.#clients.has(client)) this.#send(client, "gap", "{}");
    }
  }

  #tick(): void {
    this.#ticks += 1;
    const map = this.#ticks % 2 === 0 ? this.#map.take() : undefined;
    const stats = this.#ticks % 4 === 0 ? this.#changedStats() : undefined;
    for (const client of this.#clients) {
      if (!this.#keepsUp(client)) continue;
      if (client.traces.size > 0) {
        const summaries = [...client.traces.values()].map((digest) => wireSummary(summarise(digest)));
        client.traces.clear();
        this.#send(client, "trace", JSON.stringify(summaries.reverse()));
      }
      if (map !== undefined) this.#send(client, "map", map);
      if (stats !== undefined) this.#send(client, "stats", stats);
      if (this.#ticks % heartbeatTicks === 0) client.response.write(":\n\n");
    }
  }

  /** False while a client has more to read than is good; it hears of what it missed once it has read on. */
  #keepsUp(client: Client): boolean {
    if (client.response.writableLength > behindBytes) {
      client.behind += 1;
      if (client.behind > behindTicks) client.response.destroy();
      return false;
    }
    if (client.behind > 0) {
      client.behind = 0;
      client.traces.clear();
      this.#send(client, "gap", "{}");
    }
    return true;
  }

  #changedStats(): string | undefined {
    const stats = JSON.stringify(this.#counters());
    if (stats === this.#stats) return undefined;
    this.#stats = stats;
    return stats;
  }

  #send(client: Client, event: string, data: string): void {
    client.response.write(`id: ${this.#id()}\nevent: ${event}\ndata: ${data}\n\n`);
  }

  #id(): string {
    return `${this.#run}-${this.#changes}`;
  }
}

/** The newest are kept. */
function gather({ traces }: Client, digests: readonly TraceDigest[]): void {
  for (const digest of digests) {
    traces.delete(digest.id);
    traces.set(digest.id, digest);
  }
  for (const id of traces.keys()) {
    if (traces.size <= tracesPerEvent) break;
    traces.delete(id);
  }
}

interface MapGathering {
  add(change: GraphChange): void;
  /** What has gathered since the last time, as JSON; `undefined` for nothing. */
  take(): string | undefined;
}

/** Puts changes of the graph together, each minute, node and edge once. */
function gatherMap(): MapGathering {
  const minutes = new Set<number>();
  const nodes = new Map<string, MapChange["nodes"][number]>();
  const edges = new Map<string, MapChange["edges"][number]>();
  return {
    add(change) {
      for (const minute of change.minutes) minutes.add(minute);
      for (const node of change.nodes) nodes.set(JSON.stringify(node), node);
      for (const edge of change.edges) edges.set(JSON.stringify(edge), edge);
    },
    take() {
      if (minutes.size === 0 && nodes.size === 0 && edges.size === 0) return undefined;
      const change: MapChange = { minutes: [...minutes], nodes: [...nodes.values()], edges: [...edges.values()] };
      minutes.clear();
      nodes.clear();
      edges.clear();
      return JSON.stringify(change);
    },
  };
}
