import type { Config } from "../config.ts";
import type { Insight } from "../insights/insight.ts";
import { sendNotification } from "../insights/send-notification.ts";
import type { Log } from "../log.ts";
import type { SettingsStore } from "../settings/settings.ts";
import { groupArn } from "./arns.ts";
import { wireInsight } from "./insights.ts";

/** Posts insights' events to the webhook that the configuration names; `undefined` when it names none. */
export function insightNotifier(
  config: Pick<Config, "insightsWebhook" | "accountId" | "region">,
  settings: SettingsStore,
  log: Log,
): ((insight: Insight) => void) | undefined {
  const { insightsWebhook: url, accountId, region } = config;
  if (url === undefined) return undefined;
  return async (insight) => {
    const { groups } = await settings.read();
    const group = groups.find(({ name }) => name === insight.groupName);
    const notification = {
      account: accountId,
      region,
      atSeconds: insight.updatedSeconds,
      resources: [groupArn(group ?? { name: insight.groupName, id: insight.groupName }, config)],
      detail: wireInsight(insight, group, config),
    };
    await sendNotification(url, notification, log);
  };
}
