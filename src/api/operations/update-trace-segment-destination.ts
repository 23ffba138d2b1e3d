import { type Operation, operation } from "../operation.ts";
import { choice, object, optional, text } from "../validate.ts";

const request = object({
  Destination: optional(choice("XRay", "CloudWatchLogs")),
  CloudWatchLogsConfiguration: optional(object({ SpansLogGroupKmsKeyId: optional(text({ min: 1, max: 256 })) })),
});

/** Keeps what is told back. Segments stay here whatever it says. */
export const updateTraceSegmentDestination: Operation<"settings"> = operation({
  name: "UpdateTraceSegmentDestination",
  path: "/UpdateTraceSegmentDestination",
  access: "manage",
  request,
  run({ Destination }, { settings }) {
    return settings.change((all) => {
      const segmentDestination = Destination ?? all.segmentDestination;
      return {
        document: { ...all, segmentDestination },
        result: { Destination: segmentDestination, Status: "ACTIVE" },
      };
    });
  },
});
