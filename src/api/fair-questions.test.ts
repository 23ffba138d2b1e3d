import { fastify } from "fastify";
import { expect, it } from "vitest";
import { describeFailure } from "./aws-errors.ts";
import { limitQuestions } from "./fair-questions.ts";

it("who asks more than his share at once is told to ask again, and others are answered", async () => {
  const app = fastify();
  limitQuestions(app);
  app.setErrorHandler((error, _request, reply) => {
    const { status, body } = describeFailure(error);
    reply.code(status).send(body);
  });
  let answer = (): void => undefined;
  const answered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  let asked = 0;
  app.get("/api/overview", async () => {
    asked += 1;
    await answered;
    return {};
  });
  app.get("/healthz", async () => ({}));
  const ask = async (remoteAddress: string, url = "/api/overview"): Promise<number> =>
    (await app.inject({ url, remoteAddress })).statusCode;

  const many = Array.from({ length: 200 }, () => ask("10.0.0.1"));
  await expect.poll(() => asked).toBe(96);
  expect(await ask("10.0.0.1")).toBe(429);
  expect(await ask("10.0.0.1", "/healthz")).toBe(200);
  const other = ask("10.0.0.2");
  await expect.poll(() => asked).toBe(97);
  answer();
  expect(await other).toBe(200);
  const statuses = await Promise.all(many);
  expect(statuses.filter((status) => status === 200)).toHaveLength(96);
  expect(await ask("10.0.0.1")).toBe(200);
  await app.close();
});
