import type { IncomingMessage } from "node:http";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import type { OtlpIntake } from "./intake.ts";

/** A request's body as it was before it was compressed, or why there is none. */
export type HttpBody =
  | { readonly kind: "body"; readonly bytes: Uint8Array }
  | { readonly kind: "tooLarge" | "full" }
  | { readonly kind: "notGzip"; readonly reason: string };

/** Of a request's body, on the wire and decompressed: the same as for the rest of the API. */
export const maxBodyBytes: number = 16 * 2 ** 20;

const inflate = promisify(gunzip);

/**
 * Reads a body within bounds: its own, and that of all bodies together. `use` gets it; what it holds of the common bound is
 * given back when `use` is done. Rejects when the sender breaks off.
 */
export async function readHttpBody<Result>(
  request: IncomingMessage,
  { intake, isGzip }: { intake: OtlpIntake; isGzip: boolean },
  use: (body: HttpBody) => Promise<Result>,
): Promise<Result> {
  let held = 0;
  const hold = (bytes: number): boolean => {
    if (!intake.reserve(bytes)) return false;
    held += bytes;
    return true;
  };
  try {
    const gathered = await gather(request, hold);
    return await use(gathered.kind === "body" && isGzip ? await decompress(gathered.bytes, hold) : gathered);
  } finally {
    intake.release(held);
  }
}

async function gather(request: IncomingMessage, hold: (bytes: number) => boolean): Promise<HttpBody> {
  if (Number(request.headers["content-length"] ?? 0) > maxBodyBytes) return { kind: "tooLarge" };
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBodyBytes) return { kind: "tooLarge" };
    if (!hold(chunk.length)) return { kind: "full" };
    chunks.push(chunk);
  }
  return { kind: "body", bytes: Buffer.concat(chunks) };
}

/** On a thread of Node's pool, and no further than the bound: a few bytes may say a gigabyte of zeros. */
async function decompress(bytes: Uint8Array, hold: (bytes: number) => boolean): Promise<HttpBody> {
  try {
    const inflated = await inflate(bytes, { maxOutputLength: maxBodyBytes });
    return hold(inflated.length) ? { kind: "body", bytes: inflated } : { kind: "full" };
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE") return { kind: "tooLarge" };
    return { kind: "notGzip", reason: error instanceof Error ? error.message : String(error) };
  }
}
