import { type Operation, operation } from "../operation.ts";
import { counts, integer, list, object, optional, text, time } from "../validate.ts";
import type { PutTelemetryRecordsRequest } from "../wire.ts";

const count = optional(integer({ min: 0 }));

const request = object({
  TelemetryRecords: list(
    object({
      Timestamp: time,
      SegmentsReceivedCount: count,
      SegmentsSentCount: count,
      SegmentsSpilloverCount: count,
      SegmentsRejectedCount: count,
      BackendConnectionErrors: optional(counts),
    }),
  ),
  EC2InstanceId: optional(text({ max: 20 })),
  Hostname: optional(text({ max: 255 })),
  ResourceARN: optional(text({ max: 500 })),
});

/** Hears from a daemon how it fares. That it loses segments is worth a line, since nobody else will say so. */
export const putTelemetryRecords: Operation<"log"> = operation({
  name: "PutTelemetryRecords",
  path: "/TelemetryRecords",
  access: "write",
  request,
  async run({ TelemetryRecords, Hostname }: PutTelemetryRecordsRequest, { log }): Promise<object> {
    let lost = 0;
    for (const record of TelemetryRecords) {
      lost += (record.SegmentsSpilloverCount ?? 0) + (record.SegmentsRejectedCount ?? 0);
    }
    if (lost > 0) log.warn({ host: Hostname, lost }, "an X-Ray daemon reports segments that it lost");
    return {};
  },
});
