import type { Config } from "../config.ts";
import type { Group } from "../settings/settings.ts";

/** What ARNs are made of. */
export type ArnConfig = Pick<Config, "accountId" | "region">;

/** As AWS writes it: the name, and a part that a group of the same name made later does not have. */
export function groupArn({ name, id }: Pick<Group, "name" | "id">, config: ArnConfig): string {
  return `${arns(config)}:group/${name}${id === name ? "" : `/${id}`}`;
}

/** As AWS writes it. */
export function ruleArn(ruleName: string, config: ArnConfig): string {
  return `${arns(config)}:sampling-rule/${ruleName}`;
}

function arns({ region, accountId }: ArnConfig): string {
  return `arn:aws:xray:${region}:${accountId}`;
}
