import type { Segment } from "../trace/segment.ts";

/** To which of the given segments the subsegments that were sent alone belong, for those where it can be told. */
export function findOwners(segments: readonly Segment[]): ReadonlyMap<Segment, Segment> {
  const owners = new Map<Segment, Segment>();
  if (!segments.some(({ isSubsegment }) => isSubsegment)) return owners;
  const documents = new Map<string, Segment>();
  for (const segment of segments) addIds(segment, segment, documents);
  for (const segment of segments) {
    const owner = segment.isSubsegment ? ownerOf(segment, documents, segments.length) : undefined;
    if (owner !== undefined) owners.set(segment, owner);
  }
  return owners;
}

/** Which document each (sub)segment came in. An unfinished version and the finished one say the same of this. */
function addIds(segment: Segment, document: Segment, documents: Map<string, Segment>): void {
  documents.set(`${segment.traceId} ${segment.id}`, document);
  for (const subsegment of segment.subsegments) addIds(subsegment, document, documents);
}

/** Parents that were sent alone have parents in turn; broken documents may make a ring of it. */
function ownerOf(sent: Segment, documents: ReadonlyMap<string, Segment>, steps: number): Segment | undefined {
  let document: Segment | undefined = sent;
  for (let step = 0; step < steps && document?.isSubsegment; step++) {
    document = documents.get(`${document.traceId} ${document.parentId}`);
  }
  return document?.isSubsegment ? undefined : document;
}
