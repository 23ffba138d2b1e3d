import { type Operation, operation } from "../operation.ts";
import { object } from "../validate.ts";

const request = object({});

/** Where AWS would keep segments; told back as it was set. */
export const getTraceSegmentDestination: Operation<"settings"> = operation({
  name: "GetTraceSegmentDestination",
  path: "/GetTraceSegmentDestination",
  access: "read",
  request,
  async run(_, { settings }) {
    return { Destination: (await settings.read()).segmentDestination, Status: "ACTIVE" };
  },
});
