import type { OtlpRequest } from "./otlp-request.ts";

/** A body of OTLP that has been read, or why it cannot be. */
export type Decoded =
  | { readonly kind: "request"; readonly request: OtlpRequest }
  | { readonly kind: "undecodable"; readonly reason: string };

/** How deep values may be nested. OpenTelemetry's own protobuf code gives up at a depth of about 45. */
export const maxDepth = 32;

/**
 * How many spans, events and links a request may have. Empty ones take two bytes each on the wire and a hundred times as
 * much in memory, so that the body's size alone is no bound.
 */
const maxElements = 250_000;

/** What decoders throw at the first thing that is wrong; `decoding` makes a value of it. */
export class NotDecodable extends Error {}

/** Counts spans, events and links of a request. */
export class ElementCount {
  #left: number = maxElements;

  add(): void {
    this.#left -= 1;
    if (this.#left < 0) throw new NotDecodable(`there are more than ${maxElements} spans, events and links in it`);
  }
}

/** Runs a decoder. Whatever it throws is the sender's fault: decoders look at nothing but the body. */
export function decoding(read: () => OtlpRequest): Decoded {
  try {
    return { kind: "request", request: read() };
  } catch (error) {
    return { kind: "undecodable", reason: error instanceof Error ? error.message : String(error) };
  }
}
