import { type Operation, operation } from "../operation.ts";
import { tagKey, tagsOn, withTags } from "../tags.ts";
import { list, object, text } from "../validate.ts";

const request = object({ ResourceARN: text({ min: 1, max: 1_011 }), TagKeys: list(tagKey, { max: 200 }) });

/** Takes tags off a group or sampling rule; keys that it does not have are no mistake. */
export const untagResource: Operation<"settings" | "config"> = operation({
  name: "UntagResource",
  path: "/UntagResource",
  access: "manage",
  request,
  run({ ResourceARN, TagKeys }, { settings, config }) {
    return settings.change((all) => {
      const kept = Object.entries(tagsOn(all, ResourceARN, config)).filter(([key]) => !TagKeys.includes(key));
      return { document: withTags(all, ResourceARN, Object.fromEntries(kept)), result: {} };
    });
  },
});
