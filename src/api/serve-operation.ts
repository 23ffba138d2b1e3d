import type { FastifyReply, FastifyRequest } from "fastify";
import { viaHeader } from "../forward/returned-documents.ts";
import { answer, answerLines, wantsLines } from "./answer.ts";
import type { Api, Operation } from "./operation.ts";

/** A request, its answer, and whose access key it has. */
interface Exchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly key?: string | undefined;
}

/** Runs an operation on a request's body and sends what it answers; as growing lines where the client asks for them. */
export async function serveOperation(
  { run }: Operation,
  body: unknown,
  api: Api,
  { request, reply, key }: Exchange,
): Promise<FastifyReply | undefined> {
  const { "user-agent": userAgent, [viaHeader]: via } = request.headers;
  const caller = { userAgent, via: via?.toString(), key, address: request.ip };
  if (!wantsLines(request)) return answer(request, reply, await run(body, api, caller));
  await answerLines(reply, (onPartial) => run(body, api, { ...caller, onPartial }));
  return undefined;
}
