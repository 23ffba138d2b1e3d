import { parentOf } from "./problem-of-span.ts";
import type { Service } from "./service-of-resource.ts";
import { parentFlags, type Span, spanKind } from "./span.ts";

/** A span of a request, in its place among those that came along. */
export interface SpanNode {
  readonly span: Span;
  readonly isOurs: boolean;
  readonly service: Service;
  /** The first of its service in its trace: a segment. */
  isRoot: boolean;
  /** What it is embedded in; undefined for what has a document of its own. */
  parent: SpanNode | undefined;
  readonly children: SpanNode[];
}

/** Puts every node under its parent where that came along, and answers them all, parents before their children. */
export function arrange(nodes: readonly SpanNode[]): readonly SpanNode[] {
  const byId = new Map<string, SpanNode>();
  // Ids are there twice only by mistake: children belong to the first.
  for (const node of nodes) {
    const key = node.span.traceId + node.span.spanId;
    if (!byId.has(key)) byId.set(key, node);
  }
  for (const node of nodes) {
    const parentId = parentOf(node.span);
    const parent = parentId === undefined ? undefined : byId.get(node.span.traceId + parentId);
    node.isRoot = isLocalRoot(node, parentId, parent);
    if (node.isRoot || parent === undefined || parent === node) continue;
    node.parent = parent;
    parent.children.push(node);
  }
  return inOrder(nodes);
}

/**
 * Whether a span is the first of its service: by what its flags say of the parent. Those of older SDKs say nothing;
 * then servers and consumers are, and what has a parent in another service that came along.
 */
function isLocalRoot(node: SpanNode, parentId: string | undefined, parent: SpanNode | undefined): boolean {
  const { span, service, isOurs } = node;
  const { kind, flags = 0 } = span;
  if (parentId === undefined) return true;
  if (isOurs) return kind === spanKind.server;
  if ((flags & parentFlags.isKnown) !== 0) return (flags & parentFlags.isRemote) !== 0;
  if (kind === spanKind.server || span.attributes.get("aws.span.kind") === "LOCAL_ROOT") return true;
  if (parent !== undefined && parent.service.name !== service.name) return true;
  return kind === spanKind.consumer && (parent === undefined || parent.span.kind === spanKind.producer);
}

/** Spans that name each other as parents have no beginning: the first of them becomes one. */
function inOrder(nodes: readonly SpanNode[]): readonly SpanNode[] {
  const order: SpanNode[] = nodes.filter((node) => node.parent === undefined);
  addBelow(order, 0);
  if (order.length === nodes.length) return order;
  const seen = new Set(order);
  for (const node of nodes) {
    if (seen.has(node)) continue;
    cutOff(node);
    const from = order.push(node) - 1;
    addBelow(order, from);
    for (let at = from; at < order.length; at++) seen.add(order[at]!);
  }
  return order;
}

function addBelow(order: SpanNode[], from: number): void {
  for (let at = from; at < order.length; at++) for (const child of order[at]!.children) order.push(child);
}

function cutOff(node: SpanNode): void {
  const siblings = node.parent!.children;
  siblings.splice(siblings.indexOf(node), 1);
  node.parent = undefined;
}
