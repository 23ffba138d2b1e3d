import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { silentLog } from "../log.ts";
import { startTelemetry, type Telemetry, type TelemetryFigures } from "./telemetry.ts";

const none = { timeout: 0, connectionRefused: 0, unknownHost: 0, "4xx": 0, "5xx": 0, other: 0 };
let figures: TelemetryFigures;
let sent: { path: string; method: string; body: string }[];
let isDown: boolean;
let telemetry: Telemetry;

beforeEach(() => {
  vi.useFakeTimers({ now: 1_795_503_946_250 });
  figures = { received: 0, sent: 0, spillover: 0, rejected: 0, failures: none };
  sent = [];
  isDown = false;
  telemetry = startTelemetry({
    api: {
      name: "aws eu-central-1",
      async request({ method, path, body }) {
        if (isDown) throw new Error("refused");
        sent.push({ method, path, body: Buffer.from(body).toString() });
        return { status: 200, headers: {}, body: Buffer.from("{}") };
      },
    },
    figures: () => figures,
    identity: async () => ({ hostname: "ip-10-0-0-1", instanceId: "i-0123456789abcdef0" }),
    resourceArn: () => "",
    log: silentLog,
  });
});
afterEach(() => {
  telemetry.close();
  vi.useRealTimers();
});

const counts = (): number[] =>
  sent.flatMap(({ body }) =>
    JSON.parse(body).TelemetryRecords.map((record: { SegmentsReceivedCount: number }) => record.SegmentsReceivedCount),
  );

it("a minute's record has the original's fields, and what happened since the last one", async () => {
  figures = { ...figures, received: 10, sent: 4, spillover: 1, rejected: 2, failures: { ...none, timeout: 3 } };
  await vi.advanceTimersByTimeAsync(60_000);
  figures = { ...figures, received: 15, sent: 12, failures: { ...none, timeout: 3, connectionRefused: 2, "5xx": 1 } };
  await vi.advanceTimersByTimeAsync(60_000);
  expect(sent).toEqual([
    {
      method: "POST",
      path: "/TelemetryRecords",
      body:
        '{"EC2InstanceId":"i-0123456789abcdef0","Hostname":"ip-10-0-0-1","ResourceARN":"","TelemetryRecords":[' +
        '{"Timestamp":1795504006.25,"SegmentsReceivedCount":10,"SegmentsSentCount":4,"SegmentsSpilloverCount":1,' +
        '"SegmentsRejectedCount":2,"BackendConnectionErrors":{"TimeoutCount":3,"ConnectionRefusedCount":0,' +
        '"HTTPCode4XXCount":0,"HTTPCode5XXCount":0,"UnknownHostCount":0,"OtherCount":0}}]}',
    },
    {
      method: "POST",
      path: "/TelemetryRecords",
      body:
        '{"EC2InstanceId":"i-0123456789abcdef0","Hostname":"ip-10-0-0-1","ResourceARN":"","TelemetryRecords":[' +
        '{"Timestamp":1795504066.25,"SegmentsReceivedCount":5,"SegmentsSentCount":8,"SegmentsSpilloverCount":0,' +
        '"SegmentsRejectedCount":0,"BackendConnectionErrors":{"TimeoutCount":0,"ConnectionRefusedCount":2,' +
        '"HTTPCode4XXCount":0,"HTTPCode5XXCount":1,"UnknownHostCount":0,"OtherCount":0}}]}',
    },
  ]);
});

it("nothing is reported before anything has come in, and idle minutes are after that", async () => {
  await vi.advanceTimersByTimeAsync(180_000);
  await telemetry.report();
  expect(sent).toEqual([]);
  figures = { ...figures, received: 1 };
  await vi.advanceTimersByTimeAsync(120_000);
  expect(counts()).toEqual([1, 0]);
});

it("records that could not be sent go with later ones, ten a call, and the newest thirty are kept", async () => {
  isDown = true;
  for (let minute = 1; minute <= 34; minute += 1) {
    figures = { ...figures, received: figures.received + minute };
    await vi.advanceTimersByTimeAsync(60_000);
  }
  isDown = false;
  figures = { ...figures, received: figures.received + 35 };
  await telemetry.report();
  expect(sent.map(({ body }) => JSON.parse(body).TelemetryRecords.length)).toEqual([10, 10, 10]);
  expect(counts()).toEqual(Array.from({ length: 30 }, (_, index) => index + 6));
});

it("no record is sent twice when one is asked for while another is under way", async () => {
  figures = { ...figures, received: 1 };
  const first = telemetry.report();
  figures = { ...figures, received: 3 };
  await Promise.all([first, telemetry.report(), telemetry.report()]);
  expect(counts()).toEqual([1, 2, 0]);
});
