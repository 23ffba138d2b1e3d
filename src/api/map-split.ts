import { ServiceSplitter, type Split } from "../analysis/split-services.ts";
import { GraphBuilder } from "../graph/build-graph.ts";
import type { TraceStore } from "../store/trace-store.ts";
import { Breather } from "./breather.ts";
import type { WireEdge, WireService } from "./wire.ts";
import { wireGraph } from "./wire-graph.ts";

/** The newest so many traces are looked at: their parts are found nowhere but in themselves. */
const mostTraces = 5_000;
const tracesAPage = 500;

export interface SplitGraph {
  readonly services: readonly WireService[];
  readonly isPartial: boolean;
}

/** The service graph with a node for each operation of a service, or for each environment that it runs in. */
export async function splitGraph(
  store: Pick<TraceStore, "findTraces">,
  split: Split,
  range: Omit<Parameters<TraceStore["findTraces"]>[0], "rangeType" | "limit">,
): Promise<SplitGraph> {
  const splitter = new ServiceSplitter(split);
  const builder = new GraphBuilder(range.startSeconds, range.endSeconds);
  const breather = new Breather();
  let after: string | undefined;
  let looked = 0;
  do {
    const page = await store.findTraces({
      ...range,
      rangeType: "Event",
      limit: tracesAPage,
      ...(after !== undefined && { after }),
    });
    for (const digest of page.digests) {
      builder.add(splitter.split(digest));
      if (breather.isDue()) await breather.breathe();
    }
    looked += page.processed;
    after = page.next;
  } while (after !== undefined && looked < mostTraces);
  return { services: nameParts(wireGraph(builder.graph()), splitter), isPartial: after !== undefined };
}

/** Says name and part apart, and makes one client of those that call different parts of a service. */
function nameParts(services: readonly WireService[], splitter: ServiceSplitter): WireService[] {
  const clients = new Map<string, WireEdge[]>();
  const named: WireService[] = [];
  for (const service of services) {
    const { name, part } = splitter.partOf(service.Name);
    if (service.Type !== "client") {
      named.push({ ...service, Name: name, Names: [name], ...(part !== undefined && { Part: part }) });
      continue;
    }
    const known = clients.get(name);
    if (known === undefined) {
      const edges = [...service.Edges];
      const client = { ...service, Name: name, Names: [name], Edges: edges };
      clients.set(name, edges);
      named.push(client);
      continue;
    }
    // Nothing leads to a client: its number is missed by nobody.
    known.push(...service.Edges);
  }
  return named;
}
