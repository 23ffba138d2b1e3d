import type { NodeId } from "../trace/trace.ts";
import { type Cell, sumCells } from "./cell.ts";
import type { Cells } from "./cells.ts";
import { foldRemoteNodes } from "./fold-remote-nodes.ts";
import { histogram } from "./histogram.ts";
import { clientOf } from "./node-match.ts";
import type { GraphEdge, GraphNode, ServiceGraph } from "./service-graph.ts";
import { statistics } from "./statistics.ts";

/** The service graph that the figures of a stretch of time make up. The one emission: from scratch, live and stored. */
export function emitGraph(cells: Cells, startSeconds: number, endSeconds: number): ServiceGraph {
  const services = drawServices(cells);
  const called = new Set(services.flatMap(({ edges, links }) => [...edges.keys(), ...links.keys()]));
  const drawn = [...drawClients(cells, called), ...services];
  drawn.sort((a, b) => Number(b.isClient) - Number(a.isClient) || compareIds(a.id, b.id));
  const references = new Map(drawn.map((node, reference) => [node.key, reference]));
  const nodes = drawn.map((node, reference) => emitNode(node, reference, references, called));
  return { startSeconds, endSeconds, nodes };
}

/** A node on its way to the graph: the cells of all nodes that were folded into it, still apart. */
interface DrawnNode {
  /** A node's index in the cells; a client's is the name of its entry nodes. */
  readonly key: number | string;
  readonly id: NodeId;
  readonly isClient: boolean;
  readonly figures: Cell[];
  /** Its own, or those of the calls that make it known. */
  readonly times: Cell[];
  readonly edges: Map<number, DrawnEdge>;
  readonly links: Map<number, DrawnEdge>;
}

interface DrawnEdge {
  readonly cells: Cell[];
  /** Identities of the callee that were folded into it. */
  readonly folded: NodeId[];
}

/** One client for each name of entry nodes: a node is known by name and type, and these are all of type client. */
function drawClients(cells: Cells, called: CalledNodes): DrawnNode[] {
  const clients = new Map<string, DrawnNode>();
  for (const { id, index, entries, figures } of cells.nodes) {
    if (entries === undefined || entries.present === 0 || !isEntered(figures, called.has(index))) continue;
    let client = clients.get(id.name);
    if (client === undefined) {
      client = {
        key: id.name,
        id: clientOf(id),
        isClient: true,
        figures: [],
        times: [],
        edges: new Map(),
        links: new Map(),
      };
      clients.set(id.name, client);
    }
    client.times.push(entries);
    client.edges.set(index, { cells: [entries], folded: [] });
  }
  return [...clients.values()];
}

/** Indexes of the nodes that some other node, or they themselves, are seen to call. */
type CalledNodes = ReadonlySet<number | string>;

/** Callees often arrive before their callers: where others are seen to call the node, the late one is among them. */
function isEntered({ roots, awaiting }: Cell, isCalled: boolean): boolean {
  return roots > (isCalled ? awaiting : 0);
}

function drawServices(cells: Cells): DrawnNode[] {
  const callTimes = callsByEnd(cells);
  const visible = cells.nodes.filter((node) => node.figures.present > 0 || callTimes.has(node.index));
  const moves = foldRemoteNodes(visible);
  const drawn = new Map<number, DrawnNode>();
  for (const node of visible) {
    const key = moves.get(node.index) ?? node.index;
    let into = drawn.get(key);
    if (into === undefined) {
      into = {
        key,
        id: cells.nodes[key]!.id,
        isClient: false,
        figures: [],
        times: [],
        edges: new Map(),
        links: new Map(),
      };
      drawn.set(key, into);
    }
    into.figures.push(node.figures);
    into.times.push(...(node.figures.present > 0 ? [node.figures] : callTimes.get(node.index)!));
    drawEdges(cells, node.calls, moves, into.edges);
    drawEdges(cells, node.links, moves, into.links);
  }
  return [...drawn.values()];
}

/** The calls and links that lead to or from each node. */
function callsByEnd(cells: Cells): Map<number, Cell[]> {
  const found = new Map<number, Cell[]>();
  for (const node of cells.nodes) {
    for (const [to, cell] of [...node.calls, ...node.links]) {
      if (cell.present === 0) continue;
      for (const index of [node.index, to]) {
        const calls = found.get(index);
        if (calls === undefined) found.set(index, [cell]);
        else calls.push(cell);
      }
    }
  }
  return found;
}

function drawEdges(
  cells: Cells,
  calls: ReadonlyMap<number, Cell>,
  moves: ReadonlyMap<number, number>,
  edges: Map<number, DrawnEdge>,
): void {
  for (const [callee, cell] of calls) {
    if (cell.present === 0) continue;
    const to = moves.get(callee) ?? callee;
    const edge = edges.get(to) ?? { cells: [], folded: [] };
    edges.set(to, edge);
    edge.cells.push(cell);
    if (to !== callee) edge.folded.push(cells.nodes[callee]!.id);
  }
}

function emitNode(
  node: DrawnNode,
  reference: number,
  references: ReadonlyMap<number | string, number>,
  called: CalledNodes,
): GraphNode {
  const figures = sumCells(node.figures);
  const calls = [...node.edges].map(([to, edge]) => emitEdge(edge, references.get(to)!));
  const links = [...node.links].map(([to, edge]) => emitLink(edge, references.get(to)!));
  return {
    ...node.id,
    reference,
    names: [node.id.name],
    isRoot: isEntered(figures, called.has(node.key)),
    isClient: node.isClient,
    inferred: figures.present > 0 ? figures.inferred === figures.present : isOnlyLinked(node),
    ...timesOf(node.times),
    statistics: statistics(figures),
    edges: [...calls, ...links].sort((a, b) => a.to - b.to),
  };
}

/** Known only from who took work up there. */
const isOnlyLinked = ({ edges, links }: DrawnNode): boolean => edges.size === 0 && links.size > 0;

function emitLink(edge: DrawnEdge, to: number): GraphEdge {
  const { ages: tally } = sumCells(edge.cells);
  const ages = tally === undefined ? [] : histogram(tally);
  return { ...emitEdge(edge, to), kind: "link", ...(ages.length > 0 && { ages }) };
}

function emitEdge(edge: DrawnEdge, to: number): GraphEdge {
  const cell = sumCells(edge.cells);
  const names = [...cell.aliases.keys()].map((name): NodeId => ({ name }));
  return {
    to,
    ...timesOf([cell]),
    statistics: statistics(cell),
    aliases: [...names, ...edge.folded].sort(compareIds),
  };
}

function timesOf(cells: readonly Cell[]): { startSeconds: number; endSeconds: number } {
  return {
    startSeconds: Math.min(...cells.map((cell) => cell.firstStart)),
    endSeconds: Math.max(...cells.map((cell) => cell.lastEnd)),
  };
}

function compareIds(a: NodeId, b: NodeId): number {
  return (
    compareTexts(a.name, b.name) ||
    compareTexts(a.type ?? "", b.type ?? "") ||
    compareTexts(a.accountId ?? "", b.accountId ?? "")
  );
}

/** By code units: the same order everywhere, whatever the locale. */
function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
