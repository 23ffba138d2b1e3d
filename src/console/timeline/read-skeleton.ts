import { decodeSkeleton, type Skeleton } from "../../analysis/skeleton.ts";
import type { TraceSearchResult, TraceSegmentDetails } from "../../api/wire.ts";
import { ApiError, get, request } from "../api-client.ts";

/** The skeleton of a trace; `undefined` when there is no such trace. */
export async function readSkeleton(id: string, signal: AbortSignal): Promise<Skeleton | undefined> {
  try {
    const response = await request(`/api/traces/${encodeURIComponent(id)}/skeleton`, { signal });
    const skeleton = decodeSkeleton(new Uint8Array(await response.arrayBuffer()));
    if (skeleton === undefined) throw new ApiError(response.status, "Unreadable", "The answer was cut off.");
    return skeleton;
  } catch (error) {
    if (error instanceof ApiError && error.code === "ResourceNotFoundException") return undefined;
    throw error;
  }
}

/** All that one segment or subsegment says. */
export function readSegment(
  { id, revision }: Pick<Skeleton, "id" | "revision">,
  segmentId: string,
  signal: AbortSignal,
): Promise<TraceSegmentDetails> {
  return get(`/api/traces/${encodeURIComponent(id)}/segments/${segmentId}?revision=${revision}`, signal);
}

/** The rows in which a text stands. */
export function searchTrace(
  { id, revision }: Pick<Skeleton, "id" | "revision">,
  text: string,
  signal: AbortSignal,
): Promise<TraceSearchResult> {
  const search = new URLSearchParams({ text, revision: String(revision) });
  return get(`/api/traces/${encodeURIComponent(id)}/search?${search}`, signal);
}
