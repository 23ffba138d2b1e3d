import { describe, expect, it } from "vitest";
import { readOutcomes } from "./unprocessed-segments.ts";

const documents = [
  '{"trace_id":"t","id":"aaaa","parent_id":"cccc","subsegments":[{"id":"bbbb"}]}',
  "not JSON",
  '{"id":"bbbb"}',
  '{ "id" : "cccc" }',
].map((text) => Buffer.from(text));

const outcomes = (answer: unknown): (string | undefined)[] | undefined =>
  readOutcomes(Buffer.from(JSON.stringify(answer)), documents)?.map((outcome) => outcome?.code);

const entry = (Id: string | null | undefined, ErrorCode: string): object => ({ Id, ErrorCode, Message: "why" });

describe("what X-Ray says of documents", () => {
  it.each([
    ["nothing", ""],
    ["blanks", " \r\n"],
    ["an empty object", "{}"],
    ["an empty list", '{"UnprocessedTraceSegments":[]}'],
    ["null for a list", '{"UnprocessedTraceSegments":null}'],
    ["entries that are none", '{"UnprocessedTraceSegments":[null,7,"x"]}'],
    ["JSON of another kind", "[1]"],
  ])("%s: all were taken", (_, body) => {
    expect(readOutcomes(Buffer.from(body), documents)).toEqual([undefined, undefined, undefined, undefined]);
  });

  it.each(["<html>Sign in</html>", "OK", '{"Unprocessed', "\u0000\u0001"])(
    "%j is not X-Ray's: nobody knows",
    (body) => {
      expect(readOutcomes(Buffer.from(body), documents)).toBeUndefined();
    },
  );

  it("entries find their documents by the segment's id, not by a parent's or a subsegment's", () => {
    const answer = { UnprocessedTraceSegments: [entry("cccc", "Third"), entry("bbbb", "Second")] };
    expect(outcomes(answer)).toEqual([undefined, undefined, "Second", "Third"]);
  });

  it("an entry without an id is about the document that nobody can read", () => {
    expect(outcomes({ UnprocessedTraceSegments: [entry(null, "Unreadable"), entry("aaaa", "First")] })).toEqual([
      "First",
      "Unreadable",
      undefined,
      undefined,
    ]);
    expect(outcomes({ UnprocessedTraceSegments: [entry(undefined, "Unreadable")] })).toEqual([
      undefined,
      "Unreadable",
      undefined,
      undefined,
    ]);
  });

  it("an entry with an id that nobody knows is counted all the same", () => {
    const answer = { UnprocessedTraceSegments: [entry("ffff", "One"), entry("eeee", "Two"), entry("aaaa", "First")] };
    expect(outcomes(answer)).toEqual(["First", "One", "Two", undefined]);
  });

  it("an entry said twice, or one too many, takes nobody else's document", () => {
    expect(outcomes({ UnprocessedTraceSegments: [entry("aaaa", "First"), entry("aaaa", "Again")] })).toEqual([
      "First",
      undefined,
      undefined,
      undefined,
    ]);
    const many = Array.from({ length: 9 }, () => entry(null, "X"));
    expect(outcomes({ UnprocessedTraceSegments: many })).toEqual(["X", "X", "X", "X"]);
  });

  it("two documents of one segment get one entry each", () => {
    const twice = [Buffer.from('{"id":"aaaa","in_progress":true}'), Buffer.from('{"id":"aaaa"}')];
    const body = Buffer.from(
      JSON.stringify({ UnprocessedTraceSegments: [entry("aaaa", "One"), entry("aaaa", "Two")] }),
    );
    expect(readOutcomes(body, twice)?.map((outcome) => outcome?.code)).toEqual(["One", "Two"]);
  });

  it("code, reason and id are told, and whether the document may be taken later", () => {
    const UnprocessedTraceSegments = [
      { Id: "aaaa", ErrorCode: "InvalidTraceId", Message: "Invalid segment. ErrorCode: InvalidTraceId" },
      { Id: "bbbb", ErrorCode: "ThrottledException" },
      { Id: "cccc" },
    ];
    expect(readOutcomes(Buffer.from(JSON.stringify({ UnprocessedTraceSegments })), documents)).toEqual([
      {
        segmentId: "aaaa",
        code: "InvalidTraceId",
        message: "Invalid segment. ErrorCode: InvalidTraceId",
        retryable: false,
      },
      undefined,
      { segmentId: "bbbb", code: "ThrottledException", message: expect.stringContaining("no reason"), retryable: true },
      { segmentId: "cccc", code: "Unknown", message: expect.stringContaining("no reason"), retryable: false },
    ]);
  });
});
