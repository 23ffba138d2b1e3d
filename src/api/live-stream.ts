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
import { ownSummary } from "./wire-summary.ts";

/** Events go out at this pace, however fast changes come in; `map` at half of it, `stats` at a quarter. */
const tickMs = 250;
const heartbeatTicks = 60;
/** A client that lets this much pile up gets nothing more, and a `gap` when it has read on. */
const behindBytes = 1024 * 1024;
/** A client that is behind for so long is let go; it will come back and find a gap. */
const behindTicks = 120;
const tracesPerEvent = 50;
/** So many traces that changed are remembered, for those who come back; and so long after the last one has left. */
const remembered = 1_000;
const rememberTicks = 120;

interface Client {
  readonly response: ServerResponse;
  readonly judge: Judge;
  /** Newest last. */
  readonly traces: Map<string, TraceDigest>;
  /** Changes whose documents are being read for it. */
  readonly reading: Set<number>;
  /** Ticks since it fell behind; 0 while it keeps up. */
  behind: number;
}

interface Change {
  readonly number: number;
  readonly digests: readonly TraceDigest[];
  readonly graph: GraphChange;
}

/**
 * Tells browsers and `fluoroscope tail` what changes, as server-sent events: `trace`, `map`, `stats`, `heartbeat` and,
 * where something was left out, `gap`. Who comes back with the id of the last event hears what went by meanwhile. Only
 * listens to the store while somebody listens here, or may come back.
 */
export class LiveStream {
  readonly #store: TraceStore;
  readonly #counters: () => Counters;
  /** Tells the ids of this run from those of an earlier one. */
  readonly #run: string = Date.now().toString(36);
  readonly #clients: Set<Client> = new Set();
  #changes = 0;
  /** The last change that has gone out. */
  #told = 0;
  /** The newest last. */
  #recent: Change[] = [];
  #ticks = 0;
  #idleTicks = 0;
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
    const { filter, lastEventId } = options;
    const client: Client = {
      response,
      judge: new Judge(filter),
      traces: new Map(),
      reading: new Set(),
      behind: 0,
    };
    response.write("retry: 1000\n\n");
    if (lastEventId !== undefined) this.#resume(client, lastEventId);
    this.#send(client, "stats", JSON.stringify(this.#counters()));
    this.#clients.add(client);
    response.on("close", () => this.#clients.delete(client));
    this.#idleTicks = 0;
    this.#stop ??= this.#start();
  }

  /** Tells again what has gone out since an event; where that is not known any more, there is a gap. */
  #resume(client: Client, lastEventId: string): void {
    const [run, number] = lastEventId.split("-");
    const seen = Number(number);
    const oldest = this.#recent[0]?.number ?? this.#changes + 1;
    if (run !== this.#run || !(seen >= oldest - 1) || seen > this.#changes) {
      this.#send(client, "gap", "{}");
      return;
    }
    const missed = this.#recent.filter((change) => change.number > seen);
    const map = gatherMap();
    for (const change of missed) {
      map.add(change.graph);
      this.#offer(client, change);
    }
    const taken = map.take();
    if (taken !== undefined) this.#send(client, "map", taken);
  }

  /** Ends all streams. May be called twice. */
  close(): void {
    for (const client of this.#clients) client.response.end();
    this.#clients.clear();
    this.#rest();
  }

  #start(): () => void {
    const unsubscribe = this.#store.subscribe((change) => this.#publish(change));
    const timer = setInterval(() => this.#tick(), tickMs);
    timer.unref();
    return () => {
      unsubscribe();
      clearInterval(timer);
    };
  }

  /** Nobody listens, and nobody will come back. */
  #rest(): void {
    this.#stop?.();
    this.#stop = undefined;
    this.#map = gatherMap();
    this.#recent = [];
  }

  /** Takes note of a change of the store; what has gathered goes out with the next tick. */
  #publish({ digests, graph, hasRemoved }: StoreChange): void {
    this.#changes += 1;
    if (hasRemoved) this.#forget();
    const change = { number: this.#changes, digests, graph };
    this.#map.add(graph);
    this.#remember(change);
    for (const client of this.#clients) this.#offer(client, change);
  }

  /** What was told so far may not be there any more: everybody has to ask again. */
  #forget(): void {
    this.#recent = [];
    for (const client of this.#clients) {
      client.traces.clear();
      this.#send(client, "gap", "{}");
    }
  }

  #remember(change: Change): void {
    this.#recent.push(change);
    let traces = this.#recent.reduce((sum, { digests }) => sum + digests.length, 0);
    while (traces > remembered || this.#recent.length > remembered) traces -= this.#recent.shift()!.digests.length;
  }

  #offer(client: Client, change: Change): void {
    const { judge } = client;
    const digests = change.digests.filter(judge.lets);
    if (!judge.readsDocuments) gather(client, digests);
    else if (digests.length > 0) void this.#gatherRead(client, digests, change.number);
  }

  /** The same where documents must be read; what cannot be read is a gap. */
  async #gatherRead(client: Client, digests: readonly TraceDigest[], number: number): Promise<void> {
    client.reading.add(number);
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
    } finally {
      client.reading.delete(number);
    }
  }

  #tick(): void {
    this.#ticks += 1;
    // Traces go out with each tick and the map with each other one: then all has been told.
    if (this.#ticks % 2 === 0) this.#told = this.#changes;
    this.#idleTicks = this.#clients.size > 0 ? 0 : this.#idleTicks + 1;
    if (this.#idleTicks > rememberTicks) this.#rest();
    const map = this.#ticks % 2 === 0 ? this.#map.take() : undefined;
    const stats = this.#ticks % 4 === 0 ? this.#changedStats() : undefined;
    for (const client of this.#clients) {
      if (!this.#keepsUp(client)) continue;
      if (client.traces.size > 0) {
        const summaries = [...client.traces.values()].map((digest) => ownSummary(summarise(digest)));
        client.traces.clear();
        this.#send(client, "trace", JSON.stringify(summaries.reverse()));
      }
      if (map !== undefined) this.#send(client, "map", map);
      if (stats !== undefined) this.#send(client, "stats", stats);
      if (this.#ticks % heartbeatTicks === 0) this.#send(client, "heartbeat", "{}");
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
    // What is still being read for it has not been told.
    const told = Math.min(this.#told, ...[...client.reading].map((number) => number - 1));
    client.response.write(`id: ${this.#run}-${told}\nevent: ${event}\ndata: ${data}\n\n`);
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
