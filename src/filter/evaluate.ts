import { clientOf, fitsNode } from "../graph/node-match.ts";
import type { RootCause, TraceDigest } from "../trace/digest.ts";
import { digestTrace } from "../trace/digest-trace.ts";
import type { Segment } from "../trace/segment.ts";
import type { Trace } from "../trace/trace.ts";
import { withoutDocuments } from "./bounds.ts";
import { causeEntityReaders, causeExceptionReaders, causeServiceReaders } from "./cause-readers.ts";
import { comparesAny, comparesNumber, comparesText } from "./compare.ts";
import { metadataBelow, metadataOf, someBelow, someSubsegment, subsegmentReaders } from "./document-readers.ts";
import type { Readers } from "./readers.ts";
import { agrees } from "./root-cause-json.ts";
import { callReaders, clientCallOf, segmentReaders, traceReaders } from "./trace-readers.ts";
import type { EdgeTest, Filter, RootCauseFamily, RootCauseTest, ServiceTest, SubsegmentTest } from "./tree.ts";

/** Whether a trace satisfies a filter, as far as its digest tells: see `compileFilter`. */
export function matches(filter: Filter, digest: TraceDigest): boolean {
  let test = compiled.get(filter);
  if (test === undefined) {
    test = compileFilter(filter);
    compiled.set(filter, test);
  }
  return test(digest);
}

/**
 * Makes the filter a function: for those who put it to many traces. Of a filter that looks into documents (`readsDocuments`)
 * it says whether the digest lets the trace through; the rest is for `compileWhole`.
 */
export function compileFilter(filter: Filter): (digest: TraceDigest) => boolean {
  const test = compile<Judged>(withoutDocuments(filter, "may"), traceReaders, compileTraceTest);
  return (digest) => test(digest, 0);
}

/** Makes the filter a function of whole traces: slower, and exact for every filter. */
export function compileWhole(filter: Filter): (trace: Trace) => boolean {
  const test = compile<Judged>(filter, traceReaders, compileTraceTest);
  return (trace) => test({ ...digestTrace(trace, 1), trace }, 0);
}

/** A digest, and the trace where the filter looks into it. Its segments are those of the digest, in the same order. */
type Judged = TraceDigest & { readonly trace?: Trace };

const compiled = new WeakMap<Filter, (digest: TraceDigest) => boolean>();

/** A test of the index-th element of a subject; the subject of the tests outside of all blocks is the trace. */
type Test<S> = (subject: S, index: number) => boolean;

function compile<S>(filter: Filter, readers: Readers<S>, compileOther: (filter: Filter) => Test<S>): Test<S> {
  switch (filter.kind) {
    case "everything":
      return () => true;
    case "and":
      return every(filter.terms.map((term) => compile(term, readers, compileOther)));
    case "or":
      return some(filter.terms.map((term) => compile(term, readers, compileOther)));
    case "not": {
      const test = compile(filter.term, readers, compileOther);
      return (subject, index) => !test(subject, index);
    }
    case "flag":
      return readers.flag(filter.keyword);
    case "number":
      return compared(filter.test, comparesNumber(filter.test), readers.number(filter.keyword));
    case "text":
      return compared(filter.test, comparesText(filter.test), readers.text(filter.keyword));
    case "annotation":
      return compared(filter.test, comparesAny(filter.test), readers.annotation(filter.key));
    default:
      return compileOther(filter);
  }
}

/** A key may have many values: one that compares is enough. `!=` is the exact negation of `=`. */
function compared<S, T>(
  test: { readonly operator: string; readonly needsValue?: true },
  compares: (value: T) => boolean,
  read: (subject: S, index: number, accept: (value: T) => boolean) => boolean,
): Test<S> {
  if (test.operator !== "!=") return (subject, index) => read(subject, index, compares);
  if (!test.needsValue) return (subject, index) => !read(subject, index, compares);
  return (subject, index) => read(subject, index, () => true) && !read(subject, index, compares);
}

function every<S>(tests: readonly Test<S>[]): Test<S> {
  const [first, second] = tests;
  if (tests.length === 2) return (subject, index) => first!(subject, index) && second!(subject, index);
  return (subject, index) => tests.every((test) => test(subject, index));
}

function some<S>(tests: readonly Test<S>[]): Test<S> {
  const [first, second] = tests;
  if (tests.length === 2) return (subject, index) => first!(subject, index) || second!(subject, index);
  return (subject, index) => tests.some((test) => test(subject, index));
}

function compileTraceTest(filter: Filter): Test<Judged> {
  switch (filter.kind) {
    case "metadata": {
      const read = metadataBelow(filter.path);
      return compared(filter.test, comparesAny(filter.test), (judged, _, accept) => {
        const { segments, orphans } = wholeOf(judged);
        return segments.some((segment) => read(segment, accept)) || orphans.some((orphan) => read(orphan, accept));
      });
    }
    case "subsegment": {
      const test = compileSubsegment(filter);
      return (judged) => someSubsegment(wholeOf(judged), test);
    }
    case "service":
      return compileService(filter);
    case "edge":
      return compileEdge(filter);
    case "rootCause":
      return compileRootCause(filter);
    case "rootCauseJson":
      return ({ faultCauses, errorCauses, responseTimeCauses }) =>
        filter.patterns.every((pattern) =>
          [faultCauses, errorCauses, responseTimeCauses].some((causes) =>
            causes.some((cause) => agrees(pattern, cause)),
          ),
        );
    default:
      return misplaced(filter);
  }
}

function compileService({ node, where }: ServiceTest): Test<Judged> {
  const test = compile<Judged>(where, segmentReaders, compileSegmentTest);
  const isClient = node.type === "client";
  return (digest) => {
    const { nodes, segments } = digest;
    for (let index = 0; index < segments.length; index += 1) {
      const { node: at, isRoot } = segments[index]!;
      const id = nodes[at]!;
      // A client sends nothing: all that is known of it is the entry that it called.
      const isMeant = fitsNode(node, id) || (isClient && isRoot && fitsNode(node, clientOf(id)));
      if (isMeant && test(digest, index)) return true;
    }
    return false;
  };
}

/** What else stands in a service's block: tests of the segment's documents. */
function compileSegmentTest(filter: Filter): Test<Judged> {
  switch (filter.kind) {
    case "metadata": {
      const read = metadataBelow(filter.path);
      return compared(filter.test, comparesAny(filter.test), (judged, index, accept) =>
        read(wholeOf(judged).segments[index]!, accept),
      );
    }
    case "subsegment": {
      const test = compileSubsegment(filter);
      return (judged, index) => someBelow(wholeOf(judged).segments[index]!, test);
    }
    default:
      return misplaced(filter);
  }
}

function compileSubsegment({ name, where }: SubsegmentTest): (subsegment: Segment) => boolean {
  const test = compile(where, subsegmentReaders, (other) =>
    other.kind === "metadata"
      ? compared(other.test, comparesAny(other.test), metadataOf(other.path))
      : misplaced(other),
  );
  return (subsegment) => (name === undefined || subsegment.name === name) && test(subsegment, 0);
}

function wholeOf({ trace }: Judged): Trace {
  if (trace === undefined) throw new Error("A filter that reads documents was put to a digest. Use compileWhole.");
  return trace;
}

function compileEdge({ from, to, where }: EdgeTest): Test<TraceDigest> {
  const test = compile(where, callReaders, misplaced);
  const mayBeClient = from.accountId === undefined && (from.type === undefined || from.type === "client");
  return (digest) => {
    const { nodes, segments, calls } = digest;
    for (let index = 0; index < calls.length; index += 1) {
      const call = calls[index]!;
      if (!fitsNode(from, nodes[segments[call.from]!.node]!)) continue;
      if (fitsNode(to, nodes[segments[call.to]!.node]!) && test(digest, index)) return true;
    }
    for (const link of digest.links ?? none) {
      if (!fitsNode(from, nodes[link.from]!) || !fitsNode(to, nodes[segments[link.to]!.node]!)) continue;
      // What it led to is all that is known of it, as with what a client sent.
      if (test(digest, clientCallOf(link.to))) return true;
    }
    if (!mayBeClient) return false;
    for (let index = 0; index < segments.length; index += 1) {
      const segment = segments[index]!;
      if (!segment.isRoot) continue;
      const entry = nodes[segment.node]!;
      if (from.name !== undefined && from.name !== entry.name) continue;
      if (fitsNode(to, entry) && test(digest, clientCallOf(index))) return true;
    }
    return false;
  };
}

const none: readonly never[] = [];

function compileRootCause({ family, list, where }: RootCauseTest): Test<TraceDigest> {
  switch (list) {
    case "service":
      return compileCauses(family, where, causeServiceReaders, (cause) => cause.services);
    case "entity":
      return compileCauses(family, where, causeEntityReaders, entitiesOf);
    case "exception":
      return compileCauses(family, where, causeExceptionReaders, (cause) =>
        entitiesOf(cause).flatMap(({ exceptions }) => exceptions),
      );
  }
}

function compileCauses<T>(
  family: RootCauseFamily,
  where: Filter,
  readers: Readers<readonly T[]>,
  listOf: (cause: RootCause) => readonly T[],
): Test<TraceDigest> {
  const test = compile(where, readers, misplaced);
  return (digest) =>
    causesOf(digest, family).some((cause) => {
      const elements = listOf(cause);
      return elements.some((_, index) => test(elements, index));
    });
}

function causesOf(digest: TraceDigest, family: RootCauseFamily): readonly RootCause[] {
  switch (family) {
    case "fault":
      return digest.faultCauses;
    case "error":
      return digest.errorCauses;
    case "responsetime":
      return digest.responseTimeCauses;
  }
}

function entitiesOf(cause: RootCause): RootCause["services"][number]["entities"] {
  return cause.services.flatMap(({ entities }) => entities);
}

function misplaced(filter: Filter): never {
  throw new Error(`The filter's tree is wrong: "${filter.kind}" cannot stand in a block. Trees come from parseFilter.`);
}
