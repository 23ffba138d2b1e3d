import type { Transform } from "node:stream";

/** What we ask for when the caller does not say: everything that is decoded below. */
export const acceptedEncodings = "gzip, deflate, br";

/**
 * The body as it was before the server packed it. An encoding that we do not know is handed on as it came.
 * Breaks off with an error where the packed bytes do.
 */
export async function* decodeBody(
  packed: AsyncIterable<Uint8Array>,
  contentEncoding: string | undefined,
): AsyncGenerator<Uint8Array> {
  const encodings = (contentEncoding ?? "")
    .toLowerCase()
    .split(",")
    .map((encoding) => encoding.trim())
    .filter((encoding) => encoding !== "" && encoding !== "identity");
  if (encodings.length === 0) {
    yield* packed;
    return;
  }
  const chunks = packed[Symbol.asyncIterator]();
  const first = await chunks.next();
  if (first.done) return;

  const decoders: Transform[] = [];
  for (const encoding of encodings.toReversed()) decoders.push(await decoderFor(encoding, first.value));
  const { pipeline, Readable } = await import("node:stream");
  async function* all(): AsyncGenerator<Uint8Array> {
    yield first.value;
    yield* { [Symbol.asyncIterator]: () => chunks };
  }
  // The iteration meets the same error; without a callback it would be thrown a second time.
  pipeline([Readable.from(all()), ...decoders], () => undefined);
  yield* decoders.at(-1) as AsyncIterable<Uint8Array>;
}

async function decoderFor(encoding: string, firstBytes: Uint8Array): Promise<Transform> {
  const zlib = await import("node:zlib");
  switch (encoding) {
    case "gzip":
    case "x-gzip":
      return zlib.createGunzip();
    case "br":
      return zlib.createBrotliDecompress();
    case "deflate":
      // Some servers leave the zlib header out, whatever the standard says. Its low four bits are always 8.
      return (firstBytes[0]! & 0x0f) === 8 ? zlib.createInflate() : zlib.createInflateRaw();
    default: {
      const { PassThrough } = await import("node:stream");
      return new PassThrough();
    }
  }
}
