import { SigningKeys } from "../../../src/sigv4/signing-keys.ts";
import { verifyRequest } from "../../../src/sigv4/verify-request.ts";
import { formatTraceHeader, parseTraceHeader } from "../../../src/xray/trace-header.ts";
import { formatTraceparent, parseTraceparent } from "../../../src/xray/traceparent.ts";
import { distrust } from "../../../src/xray/trust-caller.ts";
import { type Door, seedsOf } from "../door.ts";

const keys = new SigningKeys();
const now = Date.parse("2026-11-24T12:00:00Z");
const key = { secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" };

/** Lines of a request: its target, then headers, as `name: value`. */
function requestOf(text: string): { target: string; headers: Record<string, string> } {
  const [target = "/", ...lines] = text.split("\n");
  const headers = lines.map((line): [string, string] => {
    const at = line.indexOf(":");
    return [line.slice(0, Math.max(at, 0)).toLowerCase(), line.slice(at + 1).trim()];
  });
  return { target, headers: Object.fromEntries(headers) };
}

/** What stands on a request's line and in its headers: signatures, trace headers, who asks. */
export const headersDoor: Door = {
  name: "headers",
  seeds: seedsOf(
    "/TraceSegments\nhost: 127.0.0.1:2000\nx-amz-date: 20261124T120000Z\nauthorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261124/eu-west-1/xray/aws4_request, SignedHeaders=host;x-amz-date, Signature=fe5f80f77d5fa3beca038a248ff027d0445342fe2855ddc963176630326f1024",
    "/TraceSegments?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE%2F20261124%2Feu-west-1%2Fxray%2Faws4_request&X-Amz-Date=20261124T120000Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-Signature=00\nhost: localhost",
    "/\nhost: [::1]:2000\norigin: http://[::1]:2000\nx-amzn-trace-id: Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1;Lineage=a:1",
    "/\nhost: evil.example\norigin: null\ntraceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
  ),
  words: [
    ...[
      "%",
      "%00",
      "%2f..%2f",
      "../",
      "\r",
      "\u0000",
      "=",
      ";",
      ",",
      "/",
      "\n",
      "aws4_request",
      "SignedHeaders=",
      "Credential=",
    ],
    ...[
      "host",
      "x-amz-date",
      "X-Amz-Signature=",
      "X-Amz-Expires=-1",
      "99999999T999999Z",
      "__proto__",
      "constructor",
      "\ud800",
    ],
    ...["localhost", ".internal", "127.0.0.1", "[", "]", ":", "Root=", "Parent=", "Sampled=?", "Self=", "1-00000000-"],
  ],
  knock(bytes) {
    const { target, headers } = requestOf(new TextDecoder().decode(bytes));
    const tracing = parseTraceHeader(headers["x-amzn-trace-id"]);
    const written = formatTraceHeader(tracing);
    if (/\p{Cc}/u.test(written)) throw new Error(`A header would be ${JSON.stringify(written)}.`);
    const parent = parseTraceparent(headers.traceparent);
    if (parent !== undefined && parseTraceparent(formatTraceparent(parent)) === undefined) {
      throw new Error("A traceparent that was read cannot be read again.");
    }
    const findKey = (id: string): typeof key | undefined => (id === "AKIDEXAMPLE" ? key : undefined);
    const request = { method: "POST", target, headers, body: new Uint8Array() };
    const verdict = verifyRequest(request, { findKey, service: "xray", now, keys });
    if (verdict.kind === "signed") throw new Error("Nobody has signed this.");
    return distrust({ host: headers.host, origin: headers.origin }, "127.0.0.1") === undefined
      ? verdict.kind
      : "distrusted";
  },
  answers: ["unsigned", "refused", "distrusted"],
};
