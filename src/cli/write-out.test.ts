import { expect, it } from "vitest";
import type { CallResult } from "../call/call.ts";
import { checkWriteOut, writeOut } from "./write-out.ts";

const result: CallResult = {
  startMs: 1_000,
  endMs: 1_412.5,
  body: new Uint8Array(),
  bodyBytes: 10,
  head: {
    status: 200,
    statusText: "OK",
    httpVersion: "1.1",
    headers: [
      ["Content-Type", "text/plain"],
      ["X-Version", "7"],
    ],
  },
  hops: [
    {
      request: { url: new URL("http://localhost:3000/x?y=1"), method: "POST", headers: [], body: new Uint8Array(3) },
      marks: { start: 1_000, resolved: 1_000.4, connected: 1_001.5, firstByte: 1_398, end: 1_412.5 },
      way: { isNamed: true, isTls: false, isReused: false },
      receivedBytes: 10,
      remote: { address: "127.0.0.1", port: 3000 },
      local: { address: "127.0.0.1", port: 50_000 },
    },
  ],
  trace: { id: "1-5759e988-bd862e3fe1be46a994272793", segmentId: "53995c3f42cd8ad8", documents: [] },
};

it("curl's variables have curl's forms, and ours stand beside them", () => {
  const format =
    "%{http_code} %{time_namelookup} %{time_connect} %{time_appconnect} %{time_starttransfer} %{time_total} " +
    "%{size_download} %{size_upload} %{num_redirects} %{remote_ip}:%{remote_port} %{method} %{scheme} %{url_effective} " +
    "%{content_type} %header{x-version} %{exitcode} %{trace_id} %{segment_id} 100%%\\t|\\n";
  expect(writeOut(format, result, 0)).toBe(
    "200 0.000400 0.001500 0.000000 0.398000 0.412500 10 3 0 127.0.0.1:3000 POST http http://localhost:3000/x?y=1 " +
      "text/plain 7 0 1-5759e988-bd862e3fe1be46a994272793 53995c3f42cd8ad8 100%\t|\n",
  );
});

it("a call without an answer has a code of 000", () => {
  const { head: _, ...failed } = result;
  expect(writeOut("%{http_code} %{http_version}", failed, 2)).toBe("000 0");
});

it("an unknown variable is told before anything is sent, with the one that was meant", () => {
  expect(() => checkWriteOut("%{time_totel}")).toThrow(
    "-w knows no variable %{time_totel}. Did you mean %{time_total}?",
  );
  expect(() => checkWriteOut("%{zzzzzzzzzzzz}")).toThrow("Known are");
  expect(() => checkWriteOut("100%% %{http_code} %header{x}")).not.toThrow();
});
