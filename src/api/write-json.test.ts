import fc from "fast-check";
import { expect, it } from "vitest";
import { JsonBytes, writeJson } from "./write-json.ts";

it("the text is what JSON.stringify writes", async () => {
  await fc.assert(
    fc.asyncProperty(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 5 })), async (value) => {
      expect((await writeJson(value)).toString()).toBe(JSON.stringify(value));
    }),
  );
});

it("absent members are left out, and long lists at any depth are whole", async () => {
  const value = { a: undefined, b: [{ c: Array.from({ length: 5_000 }, (_, n) => ({ n, x: undefined })) }] };
  expect((await writeJson(value)).toString()).toBe(JSON.stringify(value));
});

it("what is JSON already is put where it belongs", async () => {
  const text = await writeJson({ a: [new JsonBytes(Buffer.from('{"é":1}')), { b: 2 }], c: "ü" });
  expect(text.toString()).toBe('{"a":[{"é":1},{"b":2}],"c":"ü"}');
});

it("writing something large lets the loop turn", async () => {
  const value = { list: Array.from({ length: 20_000 }, (_, n) => ({ n, text: "x".repeat(1_000) })) };
  let turns = 0;
  const timer = setInterval(() => {
    turns += 1;
  }, 1);
  await writeJson(value);
  clearInterval(timer);
  expect(turns).toBeGreaterThan(2);
});
