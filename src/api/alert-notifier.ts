import type { Config } from "../config.ts";
import type { AlertEvent } from "../insights/alert-watcher.ts";
import { sendNotification } from "../insights/send-notification.ts";
import type { Log } from "../log.ts";

/** Posts alerts to the webhook that the configuration names for insights; `undefined` when it names none. */
export function alertNotifier(
  { insightsWebhook: url, accountId, region }: Pick<Config, "insightsWebhook" | "accountId" | "region">,
  log: Log,
): ((event: AlertEvent) => void) | undefined {
  if (url === undefined) return undefined;
  return ({ service, figure, value, limit, state }) => {
    const notification = {
      type: "fluoroscope Service Alert",
      source: "fluoroscope",
      account: accountId,
      region,
      atSeconds: Date.now() / 1000,
      resources: [service],
      detail: { Service: service, Figure: figure, Value: value, Limit: limit, State: state },
    };
    void sendNotification(url, notification, log);
  };
}
