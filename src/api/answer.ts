import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { FastifyReply, FastifyRequest } from "fastify";
import { describeFailure } from "./aws-errors.ts";
import { writeJson } from "./write-json.ts";

const compress = promisify(gzip);
const worthCompressing = 4 * 1024;

/** Sends a value as JSON, compressed when it is large and the client takes that. */
export async function answer(request: FastifyRequest, reply: FastifyReply, value: object): Promise<FastifyReply> {
  const bytes = await writeJson(value);
  reply.header("content-type", "application/json").header("cache-control", "no-store");
  if (bytes.length < worthCompressing || !/\bgzip\b/.test(request.headers["accept-encoding"] ?? "")) {
    return reply.send(bytes);
  }
  // Fast rather than small: most clients are on this machine.
  return reply
    .header("content-encoding", "gzip")
    .header("vary", "accept-encoding")
    .send(await compress(bytes, { level: 1 }));
}

/** Whether the client asked for answers that grow, one JSON text a line. */
export function wantsLines(request: FastifyRequest): boolean {
  return request.headers.accept?.includes("application/x-ndjson") ?? false;
}

/**
 * Sends growing answers, one a line, the last with `Final`. A client that reads slowly misses partial ones, not the last.
 * Until there is something to send, a failure is answered like any other; after that it is the last line.
 */
export async function answerLines(
  reply: FastifyReply,
  run: (onPartial: (partial: object) => void) => Promise<object>,
): Promise<void> {
  let writing: Promise<void> | undefined;
  const write = async (value: object): Promise<void> => {
    const bytes = await writeJson(value);
    if (!reply.sent) {
      reply.hijack();
      const headers = { ...reply.getHeaders(), "content-type": "application/x-ndjson", "cache-control": "no-store" };
      for (const [name, header] of Object.entries(headers)) if (header !== undefined) reply.raw.setHeader(name, header);
    }
    reply.raw.write(bytes);
    reply.raw.write("\n");
    writing = undefined;
  };
  try {
    const final = await run((partial) => {
      if (writing === undefined && !reply.raw.writableNeedDrain) writing = write(partial);
    });
    await writing;
    await write({ ...final, Final: true });
  } catch (error) {
    await writing;
    if (!reply.sent) throw error;
    await write(describeFailure(error).body);
  }
  reply.raw.end();
}
