import type { FastifyInstance, FastifyRequest } from "fastify";
import { readBody } from "./read-body.ts";

/** Answers agents' messages: what `src/mcp` offers, as far as HTTP is concerned. */
export type McpService = (message: {
  readonly headers: FastifyRequest["headers"];
  readonly body: unknown;
  readonly endpoint: string;
  readonly ask: (method: string, path: string, body?: object) => Promise<{ status: number; text: string }>;
}) => Promise<{ readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: string }>;

/** Where agents ask. */
export const mcpPath = "/mcp";

/** `POST /mcp`: agents ask what people ask, through the same doors: each question carries the agent's own key. */
export function addMcpRoutes(app: FastifyInstance, serve: McpService): void {
  app.post(mcpPath, async (request, reply) => {
    const { host = "localhost", authorization } = request.headers;
    const ask = async (method: string, path: string, body?: object) => {
      const { statusCode, payload } = await app.inject({
        method: method === "GET" ? "GET" : "POST",
        url: path,
        headers: { host, ...(authorization !== undefined && { authorization }) },
        ...(body && { payload: JSON.stringify(body) }),
      });
      return { status: statusCode, text: payload };
    };
    // In front of another X-Ray API, bodies are handed on as they came.
    const message = Buffer.isBuffer(request.body) ? await readBody(request.body) : request.body;
    const answer = await serve({ headers: request.headers, body: message, endpoint: `http://${host}`, ask });
    return reply.code(answer.status).headers(answer.headers).send(answer.body);
  });
  // Nothing is sent that was not asked for, and there are no sessions to end.
  const refuse = { method: ["GET" as const, "DELETE" as const], url: mcpPath };
  app.route({
    ...refuse,
    handler: async (_request, reply) =>
      reply
        .code(405)
        .header("allow", "POST")
        .send({ jsonrpc: "2.0", error: { code: -32_000, message: "Only POST is answered here." }, id: null }),
  });
}
