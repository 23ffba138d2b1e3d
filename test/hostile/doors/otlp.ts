import fc from "fast-check";
import { translate } from "../../../src/otlp/translate.ts";
import { arbitraryRequests } from "../../fixtures/arbitrary-otlp.ts";
import { encodeRequest } from "../../fixtures/otlp-protobuf.ts";
import { aRequest, aSpan, attributesOf } from "../../fixtures/otlp-requests.ts";
import { asJson, type Door, jsonWords } from "../door.ts";
import { everythingOf } from "./everything-of.ts";

const exception = {
  "exception.type": "Error",
  "exception.message": "it broke",
  "exception.stacktrace": "Error: it broke\n    at run (/app/a.js:1:2)\nCaused by: Other\n    at go (/app/b.js:3:4)",
};
const requests = [
  aRequest([
    aSpan({
      attributes: attributesOf({ "http.request.method": "GET", "url.full": "http://user:pass@shop/a?token=1" }),
      status: { code: 2, message: "no" },
      events: [{ timeUnixNano: "1795504872898000001", name: "exception", attributes: attributesOf(exception) }],
    }),
    aSpan({ spanId: "00000000000000b1", parentSpanId: "00000000000000a1", kind: 3, name: "SELECT shop" }),
  ]),
  ...fc.sample(arbitraryRequests, { seed: 1, numRuns: 20 }),
];
const names = ["traceId", "spanId", "attributes", "events", "links", "status", "kvlistValue", "arrayValue", "intValue"];

function knock(bytes: Uint8Array, encoding: "json" | "protobuf"): string {
  const translated = translate(bytes, encoding);
  if (translated.kind === "undecodable") return translated.kind;
  const before = translated.documents.length;
  everythingOf(translated.documents);
  return before > 0 ? "documents" : "nothing";
}

/** OpenTelemetry's requests in JSON. */
export const otlpJsonDoor: Door = {
  name: "OTLP in JSON",
  seeds: requests.map((request) => Buffer.from(JSON.stringify(request))),
  values: requests,
  write: asJson,
  words: [...jsonWords, ...names.map((name) => `"${name}":`), '"bytesValue":"AA=="', '"doubleValue":"NaN"'],
  knock: (bytes) => knock(bytes, "json"),
  answers: ["documents", "nothing", "undecodable"],
};

/** The same in protobuf. */
export const otlpProtobufDoor: Door = {
  name: "OTLP in protobuf",
  seeds: requests.map((request) => encodeRequest(request)),
  values: requests,
  write: (value) => encodeRequest(value as object),
  words: [
    "\u0000",
    "\n\u0000",
    "\n\n\n\n",
    "\u0012\u007f",
    "*\u0000",
    "2\u0000",
    "\u001a\u0002\u0008\u0001",
    "\u007f\u007f\u007f",
  ],
  knock: (bytes) => knock(bytes, "protobuf"),
  answers: ["documents", "nothing", "undecodable"],
};
