import { type Operation, operation } from "../operation.ts";
import { pageOf } from "../paging.ts";
import { tagsOn, wireTags } from "../tags.ts";
import { object, optional, text } from "../validate.ts";

const request = object({ ResourceARN: text({ min: 1, max: 1_011 }), NextToken: optional(text()) });

/** The tags of a group or sampling rule, by key. */
export const listTagsForResource: Operation<"settings" | "config"> = operation({
  name: "ListTagsForResource",
  path: "/ListTagsForResource",
  access: "read",
  request,
  async run(members, { settings, config }) {
    const { items, next } = pageOf(
      "ListTagsForResource",
      wireTags(tagsOn(await settings.read(), members.ResourceARN, config)),
      members,
      50,
    );
    return { Tags: items, ...next };
  },
});
