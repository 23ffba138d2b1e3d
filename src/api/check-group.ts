import { parseFilter } from "../filter/parser.ts";
import type { Group, Settings } from "../settings/settings.ts";
import { invalidRequest } from "./aws-errors.ts";
import { readingOptions } from "./groups.ts";

/** Refuses a group that could not be used: `settings` are those in which it would stand. */
export function checkGroupChange(group: Group, settings: Settings, config: Parameters<typeof readingOptions>[1]): void {
  if (group.notificationsEnabled && !group.insightsEnabled) {
    throw invalidRequest("NotificationsEnabled needs InsightsEnabled.");
  }
  const options = readingOptions(settings, config);
  // Those that are made of this one too: it must not become part of itself.
  for (const { filterExpression } of settings.groups) parseFilter(filterExpression, options);
}
