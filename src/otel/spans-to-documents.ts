import type { WireObject } from "../trace/members.ts";
import type { Problem } from "../trace/problem.ts";
import { documentOf, type SpanDocumentParts, segmentAround } from "./document-of-span.ts";
import type { OtlpRequest } from "./otlp-request.ts";
import { parentOf, problemOf } from "./problem-of-span.ts";
import { serviceOf } from "./service-of-resource.ts";
import type { Span } from "./span.ts";
import { isCall, isOurScope } from "./span-reading.ts";
import { arrange, type SpanNode, type SpanTree } from "./span-tree.ts";

/** A segment document, as `parseSegment` reads it, and how many of the request's spans are in it. */
interface SpanDocument {
  readonly text: string;
  readonly spans: number;
}

/** A span that no document can be made of. */
export interface RefusedSpan {
  readonly problem: Problem;
  readonly span: Span;
}

/** What a request gives: the spans of all documents and the refused ones are all of its spans, each once. */
export interface SpanDocuments {
  readonly documents: readonly SpanDocument[];
  readonly refused: readonly RefusedSpan[];
}

/** X-Ray takes 64 KB. What does not fit stands alone. */
const maxBytes = 60_000;
/** Readers of documents go down level by level, and not without end. */
const maxDepth = 100;

/**
 * The segment documents of spans, whatever came together and in whatever order.
 *
 * The first span of a service in a trace is a segment; all others are subsegments. What came together under one of them
 * is one document: a segment with its subsegments embedded, or a subsegment sent alone with those below it. Parents,
 * children and siblings that come in another request find each other by their ids, as documents of X-Ray's SDKs do. A
 * call that is the first span of its service gets a segment around it, so that there is somebody who called. The same
 * request gives the same documents.
 */
export function spansToDocuments(request: OtlpRequest): SpanDocuments {
  const refused: RefusedSpan[] = [];
  const documents: SpanDocument[] = [];
  for (const tree of arrange(nodesOf(request, refused))) addDocuments(tree, documents);
  return { documents, refused };
}

/** One document, or more when the tree is large. Children are whole before they are put into their parents. */
function addDocuments(tree: SpanTree, documents: SpanDocument[]): void {
  const drafts = new Map<SpanNode, Draft>();
  for (const node of tree) drafts.set(node, draftOf(node, drafts));
  for (let at = tree.length - 1; at >= 0; at--) {
    const node = tree[at]!;
    embedChildren(node, drafts.get(node)!, drafts, documents);
  }
  documents.push(documentAlone(tree[0]!, drafts.get(tree[0]!)!));
}

function nodesOf(request: OtlpRequest, refused: RefusedSpan[]): readonly SpanNode[] {
  const nodes: SpanNode[] = [];
  for (const { resource, scope, spans } of request) {
    const isOurs = isOurScope(scope);
    const service = serviceOf(resource, isOurs);
    for (const span of spans) {
      const problem = problemOf(span);
      if (problem !== undefined) refused.push({ problem, span });
      else nodes.push({ span, isOurs, service, isRoot: true, parent: undefined, children: [] });
    }
  }
  return nodes;
}

/** A (sub)segment on its way to be a text. */
interface Draft {
  readonly parts: SpanDocumentParts;
  /** JSON, without subsegments. */
  readonly own: string;
  /** Of the subsegments embedded in it. */
  readonly embedded: string[];
  bytes: number;
  depth: number;
  spans: number;
  /** The first exception in it that nobody has handled. */
  exceptionId: string | undefined;
  /** The exception further down that it failed for, when it has none of its own. */
  climbedId: string | undefined;
}

function draftOf(node: SpanNode, drafts: ReadonlyMap<SpanNode, Draft>): Draft {
  const { span, isOurs, service } = node;
  const caller = node.parent && drafts.get(node.parent)?.parts.callee;
  const parts = documentOf(span, { isOurs, service: isSegment(node) ? service : undefined, caller });
  const own = JSON.stringify(parts.members);
  const exceptionId = parts.hasFailed ? parts.exceptionId : undefined;
  return { parts, own, embedded: [], bytes: bytesOf(own), depth: 1, spans: 1, exceptionId, climbedId: undefined };
}

/** Whether the span is the segment itself, and not a call that gets one around it. */
function isSegment({ span, isRoot, isOurs }: SpanNode): boolean {
  return isRoot && (isOurs || !isCall(span.kind));
}

function embedChildren(
  node: SpanNode,
  draft: Draft,
  drafts: ReadonlyMap<SpanNode, Draft>,
  documents: SpanDocument[],
): void {
  for (const child of node.children) {
    const below = drafts.get(child)!;
    if (draft.bytes + below.bytes > maxBytes || below.depth === maxDepth) {
      documents.push(documentAlone(child, below));
      continue;
    }
    draft.embedded.push(textOf(below));
    draft.bytes += below.bytes;
    draft.depth = Math.max(draft.depth, below.depth + 1);
    draft.spans += below.spans;
    if (draft.exceptionId === undefined) draft.exceptionId = below.exceptionId;
  }
  const { hasFailed, members } = draft.parts;
  if (!hasFailed || node.isOurs || members.cause !== undefined) return;
  draft.climbedId = draft.exceptionId;
  draft.bytes += pointingTo(draft).length;
}

function documentAlone(node: SpanNode, draft: Draft): SpanDocument {
  const { span, service, isRoot } = node;
  const trace = `"trace_id":"1-${span.traceId.slice(0, 8)}-${span.traceId.slice(8)}"`;
  const parentId = parentOf(span);
  const parent = parentId === undefined ? "" : `,"parent_id":"${parentId}"`;
  return { text: alone(), spans: draft.spans };

  function alone(): string {
    if (!isRoot) return `{"type":"subsegment",${trace}${parent},${textOf(draft).slice(1)}`;
    if (isSegment(node)) return `{${trace}${parent},${textOf(draft).slice(1)}`;
    const around: WireObject = segmentAround(span, service, draft.parts, draft.exceptionId);
    return `{${trace}${parent},${JSON.stringify(around).slice(1, -1)},"subsegments":[${textOf(draft)}]}`;
  }
}

function textOf(draft: Draft): string {
  const { own, embedded } = draft;
  const pointing = pointingTo(draft);
  const subsegments = embedded.length === 0 ? "" : `,"subsegments":[${embedded.join(",")}]`;
  return pointing === "" && subsegments === "" ? own : `${own.slice(0, -1)}${pointing}${subsegments}}`;
}

/** As X-Ray's SDKs say of an error that climbs: told once where it was met, and pointed at from there up. */
function pointingTo({ climbedId }: Draft): string {
  return climbedId === undefined ? "" : `,"cause":"${climbedId}"`;
}

function bytesOf(text: string): number {
  if (ascii.test(text)) return text.length;
  let bytes = text.length;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    // Half of a surrogate pair is two bytes of four.
    if (code >= 0x80) bytes += code < 0x800 || (code >= 0xd800 && code < 0xe000) ? 1 : 2;
  }
  return bytes;
}

const ascii = /^[\0-\x7f]*$/;
