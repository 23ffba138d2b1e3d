import type { FastifyReply, FastifyRequest } from "fastify";
import { answer, answerLines, wantsLines } from "./answer.ts";
import type { Api, Operation } from "./operation.ts";

/** Runs an operation on a request's body and sends what it answers; as growing lines where the client asks for them. */
export async function serveOperation(
  { run }: Operation,
  body: unknown,
  api: Api,
  [request, reply]: readonly [FastifyRequest, FastifyReply],
): Promise<FastifyReply | undefined> {
  const userAgent = request.headers["user-agent"];
  if (!wantsLines(request)) return answer(request, reply, await run(body, api, { userAgent }));
  await answerLines(reply, (onPartial) => run(body, api, { userAgent, onPartial }));
  return undefined;
}
