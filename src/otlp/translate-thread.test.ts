import { afterEach, expect, it } from "vitest";
import { encodeRequest } from "../../test/fixtures/otlp-protobuf.ts";
import { aBatch } from "../../test/fixtures/otlp-requests.ts";
import { type Translated, translate } from "./translate.ts";
import { TranslateThread } from "./translate-thread.ts";

let thread: TranslateThread;
afterEach(() => thread.close());

const large = (from = 0): Uint8Array => encodeRequest(aBatch(400, from)).slice();
const texts = (translated: Translated): string[] => {
  if (translated.kind === "undecodable") throw new Error(translated.reason);
  return translated.documents.map((bytes) => Buffer.from(bytes).toString());
};
const hungry = (): Uint8Array => Buffer.from(`{"resourceSpans":[${"{},".repeat(1_500_000)}{}]}`);

it("a large request is translated in a thread, with the same result as at once", async () => {
  thread = new TranslateThread();
  const there = await thread.translate(large(), "protobuf");
  expect(texts(there)).toEqual(texts(translate(large(), "protobuf")));
  const json = Buffer.from(JSON.stringify(aBatch(400)));
  expect(texts(await thread.translate(json, "json"))).toEqual(texts(there));
});

it("a part of a larger buffer is left as it is", async () => {
  thread = new TranslateThread();
  const whole = Buffer.concat([Buffer.from("before"), large(), Buffer.from("behind")]);
  const part = whole.subarray(6, -6);
  expect(await thread.translate(part, "protobuf")).toMatchObject({ kind: "documents" });
  expect(whole.toString("latin1", 0, 6)).toBe("before");
  expect(part.length).toBe(large().length);
});

it("requests at once each get their own answer", async () => {
  thread = new TranslateThread();
  const answers = await Promise.all([0, 400, 800].map((from) => thread.translate(large(from), "protobuf")));
  expect(answers.map(texts)).toEqual([0, 400, 800].map((from) => texts(translate(large(from), "protobuf"))));
});

it("a request that takes too much memory is refused, and those behind it may come again", async () => {
  thread = new TranslateThread({ maxMegabytes: 32 });
  const refused = thread.translate(hungry(), "json");
  const behind = thread.translate(large(), "protobuf");
  const failed = expect(behind).rejects.toThrow("The thread that translates spans ended.");
  expect(await refused).toEqual({
    kind: "undecodable",
    reason: "reading it takes more than 32 MB of memory; send smaller batches",
  });
  await failed;
  expect(await thread.translate(large(), "protobuf")).toMatchObject({ kind: "documents" });
});

it("who still waits when it closes is told", async () => {
  thread = new TranslateThread();
  const waiting = expect(thread.translate(large(), "protobuf")).rejects.toThrow("ended");
  await thread.close();
  await waiting;
});
