import { createServer } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import type { Chance } from "./chance.ts";
import { closeServer, listen, type Service, writeReply } from "./service.ts";

/** A payment service of someone else's: it sends no traces, so the graph knows it from its callers alone. */
export async function startPayments(chance: Chance): Promise<Service> {
  const server = createServer(async (request, response) => {
    request.resume();
    const card = new URL(request.url ?? "/", "http://payments").searchParams.get("card") ?? "good";
    await delay(card === "slow" ? chance.between(1_300, 2_200) : chance.between(40, 120));
    const [status, result] = outcomes.get(card) ?? [400, "unknown card"];
    writeReply(response, status, `${JSON.stringify({ result })}\n`);
  });
  return { name: "payments", url: await listen(server), close: () => closeServer(server) };
}

/** By test card, as payment services have them. */
const outcomes: ReadonlyMap<string, [status: number, result: string]> = new Map([
  ["good", [200, "paid"]],
  ["slow", [200, "paid"]],
  ["declined", [402, "card declined"]],
  ["outage", [503, "the bank does not answer"]],
]);
