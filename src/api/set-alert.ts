import type { Alert } from "../settings/settings.ts";
import { invalidRequest } from "./aws-errors.ts";
import { type Operation, operation } from "./operation.ts";
import { number, object, optional, text } from "./validate.ts";

/** More than anyone looks after by hand. */
const mostAlerts = 200;

const request = object({
  Service: text({ min: 1, max: 200 }),
  FaultPercent: optional(number({ min: 0, max: 100 })),
  P95Seconds: optional(number({ min: 0, max: 86_400 })),
});

/** Sets the limits of a service; without any it has none. */
export const setAlert: Operation<"settings"> = operation({
  name: "SetAlert",
  path: "/api/alerts",
  access: "manage",
  request,
  run({ Service: service, FaultPercent: faultPercent, P95Seconds: p95Seconds }, { settings }) {
    return settings.change((all) => {
      const others = (all.alerts ?? []).filter((each) => each.service !== service);
      const own: Alert = {
        service,
        ...(faultPercent !== undefined && { faultPercent }),
        ...(p95Seconds !== undefined && { p95Seconds }),
      };
      const hasLimit = faultPercent !== undefined || p95Seconds !== undefined;
      if (hasLimit && others.length >= mostAlerts)
        throw invalidRequest(`At most ${mostAlerts} services may have limits.`);
      return { document: { ...all, alerts: hasLimit ? [...others, own] : others }, result: {} };
    });
  },
});
