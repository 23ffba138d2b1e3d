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

/** What belongs into one document, parents before their children. */
export type SpanTree = readonly SpanNode[];

/** Puts every node under its parent where that came along. Each node is in one tree. */
export function arrange(nodes: readonly SpanNode[]): readonly SpanTree[] {
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
  return treesOf(nodes);
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
function treesOf(nodes: readonly SpanNode[]): readonly SpanTree[] {
  const trees = nodes.filter((node) => node.parent === undefined).map(treeOf);
  if (trees.reduce((sum, tree) => sum + tree.length, 0) === nodes.length) return trees;
  const seen = new Set(trees.flat());
  for (const node of nodes) {
    if (seen.has(node)) continue;
    cutOff(node);
    const tree = treeOf(node);
    for (const each of tree) seen.add(each);
    trees.push(tree);
  }
  return trees;
}

function treeOf(top: SpanNode): SpanTree {
  const tree = [top];
  for (let at = 0; at < tree.length; at++) for (const child of tree[at]!.children) tree.push(child);
  return tree;
}

function cutOff(node: SpanNode): void {
  const siblings = node.parent!.children;
  siblings.splice(siblings.indexOf(node), 1);
  node.parent = undefined;
}
