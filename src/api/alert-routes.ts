import type { FastifyInstance } from "fastify";
import { answer } from "./answer.ts";
import type { Api } from "./operation.ts";
import type { ServiceAlerts } from "./wire-services.ts";

/** The limits that services have; setting them is an operation of its own, see `setAlert`. */
export function addAlertRoutes(app: FastifyInstance, { settings }: Pick<Api, "settings">): void {
  app.get("/api/alerts", async (request, reply) => {
    const { alerts = [] } = await settings.read();
    const told: ServiceAlerts = {
      alerts: alerts.map(({ service, faultPercent, p95Seconds }) => ({
        service,
        ...(faultPercent !== undefined && { faultPercent }),
        ...(p95Seconds !== undefined && { p95Seconds }),
      })),
    };
    return answer(request, reply, told);
  });
}
