import { ourChoices } from "../aws-choices.ts";
import type { ReturnedDocuments } from "../forward/returned-documents.ts";
import type { Ingest } from "../ingest/ingest.ts";
import type { Log } from "../log.ts";
import { SamplingTargets } from "../sampling/targets.ts";
import { documentInMemory } from "../settings/document-store.ts";
import { initialSettings } from "../settings/settings.ts";
import { answerOperations, type OperationAnswer, type OperationCall } from "./answer-operations.ts";
import { getSamplingRules } from "./operations/get-sampling-rules.ts";
import { getSamplingTargets } from "./operations/get-sampling-targets.ts";
import { putTelemetryRecords } from "./operations/put-telemetry-records.ts";
import { putTraceSegments } from "./operations/put-trace-segments.ts";

/** What SDKs and other daemons ask of a daemon that has no X-Ray API to pass it on to: sampling by the default rule, and a door. */
export function daemonOperations({
  ingest,
  returned,
  log,
  region = "us-east-1",
}: {
  readonly ingest: Ingest;
  readonly returned?: ReturnedDocuments | undefined;
  readonly log: Log;
  readonly region?: string | undefined;
}): (call: OperationCall) => Promise<OperationAnswer | undefined> {
  const config = { accountId: "000000000000", region, strictLimits: false, awsChoices: ourChoices };
  return answerOperations([getSamplingRules, getSamplingTargets, putTelemetryRecords, putTraceSegments], {
    settings: documentInMemory(initialSettings),
    targets: new SamplingTargets(),
    config,
    ingest,
    returned,
    log,
    now: Date.now,
  });
}
