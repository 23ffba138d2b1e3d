import { type Operation, operation } from "../operation.ts";
import { tagsMember, tagsOf, tagsOn, withTags } from "../tags.ts";
import { object, text } from "../validate.ts";

const request = object({ ResourceARN: text({ min: 1, max: 1_011 }), Tags: tagsMember });

/** Puts tags on a group or sampling rule; those of the same key are replaced. */
export const tagResource: Operation<"settings" | "config"> = operation({
  name: "TagResource",
  path: "/TagResource",
  access: "manage",
  request,
  run({ ResourceARN, Tags }, { settings, config }) {
    return settings.change((all) => {
      const tags = { ...tagsOn(all, ResourceARN, config), ...tagsOf(Tags) };
      return { document: withTags(all, ResourceARN, tags), result: {} };
    });
  },
});
