import fc from "fast-check";
import { expect, it } from "vitest";
import { readBody } from "./read-body.ts";

const padding = " ".repeat(300 * 1024);
const read = (text: string): Promise<unknown> => readBody(Buffer.from(text));

it("nothing at all counts as an empty object", async () => {
  expect(await read("")).toEqual({});
  expect(await read(" \n")).toEqual({});
});

it("a small body is JSON", async () => {
  expect(await read('{"a":[1,null]}')).toEqual({ a: [1, null] });
});

it("a body that is not JSON is refused with a reason", async () => {
  await expect(read("{")).rejects.toMatchObject({ status: 400, code: "SerializationException" });
});

it("a large body means the same as a small one", async () => {
  await fc.assert(
    fc.asyncProperty(fc.dictionary(fc.string({ unit: "binary" }), fc.jsonValue()), async (value) => {
      const text = JSON.stringify(value, null, 1);
      expect(await read(padding + text)).toEqual(JSON.parse(text));
    }),
    { numRuns: 100 },
  );
});

it("a large body with a mistake anywhere is refused like a small one", async () => {
  const good = '{"a":["x\\"y",{"b":[1,2]}],"c":true,"d":null}';
  for (let at = 0; at < good.length; at += 1) {
    for (const change of ["", ",", "]", "}", '"', ":", "x"]) {
      const text = good.slice(0, at) + change + good.slice(at + 1);
      let meaning: unknown = "refused";
      try {
        meaning = JSON.parse(text);
      } catch {
        // Then the large one must be refused as well.
      }
      expect([text, await read(padding + text).catch(() => "refused")]).toEqual([text, meaning]);
    }
  }
});

it("reading a very large body lets the loop turn", async () => {
  const document = JSON.stringify({ name: "a", text: 'say "x" '.repeat(100) });
  const body = JSON.stringify({ TraceSegmentDocuments: Array.from({ length: 8_000 }, () => document) });
  let turns = 0;
  const timer = setInterval(() => {
    turns += 1;
  }, 1);
  const value = (await read(body)) as { TraceSegmentDocuments: string[] };
  clearInterval(timer);
  expect(value.TraceSegmentDocuments.length).toBe(8_000);
  expect(value.TraceSegmentDocuments.at(-1)).toBe(document);
  expect(turns).toBeGreaterThan(2);
});
