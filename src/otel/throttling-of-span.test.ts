import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parsed } from "../../test/fixtures/builders.ts";
import { aSpanRequest } from "../../test/fixtures/span-builders.ts";
import { segmentsToSpans } from "./segment-to-spans.ts";
import { spansToDocuments } from "./spans-to-documents.ts";

const code = fc.constantFrom("ThrottlingException", "SlowDown", "ValidationException", "LimitExceededException");
const status = fc.constantFrom(undefined, 200, 400, 429, 503);

describe("a throttled call of AWS", () => {
  it("has the same flags after the way through spans and back", () => {
    fc.assert(
      fc.property(code, status, (type, http) => {
        const attributes = {
          "rpc.system": "aws-api",
          "rpc.service": "S3",
          "error.type": type,
          ...(http !== undefined && { "http.response.status_code": http }),
        };
        const span = { kind: "client", name: "S3.PutObject", parent: "00000000000000b1", attributes } as const;
        const request = aSpanRequest([{ resource: {}, spans: [{ ...span, status: { code: 2 } }] }]);
        const [document] = spansToDocuments(request).documents;
        const [back] = spansToDocuments(segmentsToSpans(parsed(document!.text))).documents;
        expect(flags(back!.text)).toEqual(flags(document!.text));
        const isThrottled = http === 429 || (type !== "ValidationException" && http !== 200);
        if (http !== 200) expect(flags(document!.text).throttle).toBe(isThrottled || undefined);
      }),
    );
  });
});

function flags(text: string): { fault?: true; error?: true; throttle?: true } {
  const { fault, error, throttle } = JSON.parse(text);
  return { fault, error, throttle };
}
