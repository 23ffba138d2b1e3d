import type { FastifyInstance, RouteHandlerMethod } from "fastify";
import { FairShare } from "../xray/fair-share.ts";
import { AwsError } from "./aws-errors.ts";
import { operations } from "./operations.ts";

/** Questions that are worked at, or wait for it, together. Whoever asks more at once gains nothing by it. */
const mostQuestions = 128;

const questions = new Set(operations.filter(({ access }) => access === "read").map(({ path }) => path));

/**
 * Lets nobody ask so many questions at once that others wait for his alone. What counts is the work, not the connection:
 * who asks and hangs up has asked. To be called before there are routes.
 */
export function limitQuestions(app: FastifyInstance): void {
  const share = new FairShare(mostQuestions);
  app.addHook("onRoute", (route) => {
    if (!questions.has(route.url) && !route.url.startsWith("/api/")) return;
    const handler = route.handler as RouteHandlerMethod;
    route.handler = async function answerInTurn(request, reply) {
      const leave = share.take(request.ip);
      if (leave === undefined) {
        const message = `There are more questions under way from ${request.ip} than its share. Ask again in a moment.`;
        throw new AwsError(429, "ThrottledException", message);
      }
      try {
        return await handler.call(this, request, reply);
      } finally {
        leave();
      }
    };
  });
}
