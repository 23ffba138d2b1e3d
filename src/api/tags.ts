import type { Settings } from "../settings/settings.ts";
import { type ArnConfig, groupArn, ruleArn } from "./arns.ts";
import { AwsError, invalidRequest } from "./aws-errors.ts";
import { type Check, list, object, text } from "./validate.ts";

/** Key to value. */
export type Tags = Readonly<Record<string, string>>;

const mostTags = 50;

/** A key in a request. */
export const tagKey: Check<string> = text({ min: 1, max: 128 });
/** `Tags` of a request. */
export const tagsMember: Check<readonly { Key: string; Value: string }[]> = list(
  object({ Key: tagKey, Value: text({ max: 256 }) }),
  { max: 200 },
);

/** Tags as they are kept. Keys that begin with `aws:` are AWS's own, and one key twice is a mistake. */
export function tagsOf(members: readonly { readonly Key: string; readonly Value: string }[]): Tags {
  const tags: Record<string, string> = {};
  for (const { Key, Value } of members) {
    if (/^aws:/i.test(Key)) throw invalidRequest(`Tag keys must not begin with aws: (${JSON.stringify(Key)}).`);
    if (Object.hasOwn(tags, Key)) throw invalidRequest(`The tag key ${JSON.stringify(Key)} is given twice.`);
    tags[Key] = Value;
  }
  return tags;
}

/** In AWS's spelling, by key. */
export function wireTags(tags: Tags): { Key: string; Value: string }[] {
  return Object.entries(tags)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([Key, Value]) => ({ Key, Value }));
}

/** The settings with these tags on a resource in place of those it had; none at all for `undefined`. */
export function withTags(settings: Settings, arn: string, tags: Tags | undefined): Settings {
  const { [arn]: before, ...others } = settings.tags;
  if (tags === undefined || Object.keys(tags).length === 0) {
    return before === undefined ? settings : { ...settings, tags: others };
  }
  if (Object.keys(tags).length > mostTags) {
    throw new AwsError(400, "TooManyTagsException", `A resource may have at most ${mostTags} tags.`, arn);
  }
  return { ...settings, tags: { ...others, [arn]: tags } };
}

/** The tags of a group or sampling rule; any other ARN is not found. */
export function tagsOn(settings: Settings, arn: string, config: ArnConfig): Tags {
  const isThere =
    settings.groups.some((group) => groupArn(group, config) === arn) ||
    settings.samplingRules.some(({ rule }) => ruleArn(rule.name, config) === arn);
  if (!isThere) {
    throw new AwsError(404, "ResourceNotFoundException", `There is no group or sampling rule ${arn}.`, arn);
  }
  return settings.tags[arn] ?? {};
}
