import type { FastifyReply } from "fastify";

/** Does what a client waits for; the signal is aborted when it has left, after which nobody is told of a failure. */
export async function whileClientStays<Result>(
  reply: FastifyReply,
  run: (signal: AbortSignal) => Promise<Result>,
): Promise<Result | undefined> {
  const leaving = new AbortController();
  const { raw } = reply;
  raw.once("close", () => {
    if (!raw.writableFinished) leaving.abort(new Error("The client has left."));
  });
  try {
    return await run(leaving.signal);
  } catch (error) {
    if (!leaving.signal.aborted) throw error;
    if (!reply.sent) reply.hijack();
    return undefined;
  }
}
