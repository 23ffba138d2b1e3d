import { once } from "node:events";
import { setImmediate } from "node:timers/promises";
import { MessageChannel } from "node:worker_threads";
import { expect, it } from "vitest";
import { answerQuestions } from "./worker-protocol.ts";

type Counting = { count: { question: number; answer: string; partial: number } };

/** A worker's end that counts to a number, telling each on the way. */
function aCounter() {
  const { port1, port2 } = new MessageChannel();
  const counted: number[] = [];
  answerQuestions<Counting>(port2, {
    async count(to, onPartial) {
      for (let number = 1; number <= to; number += 1) {
        await setImmediate();
        onPartial(number);
        counted.push(number);
      }
      return "done";
    },
  });
  const heard = async (): Promise<unknown> => {
    for (;;) {
      const [message] = (await once(port1, "message")) as [object];
      if (!("partial" in message)) return message;
    }
  };
  return { port: port1, counted, heard, close: () => port1.close() };
}

it("a question that is cancelled ends at its next partial answer, and others go on", async () => {
  const { port, counted, heard, close } = aCounter();
  port.postMessage({ id: 1, kind: "count", question: Number.POSITIVE_INFINITY });
  await once(port, "message");
  port.postMessage({ id: 1, isCancelled: true });
  expect(await heard()).toMatchObject({ id: 1, failure: { retryable: true } });
  const length = counted.length;
  port.postMessage({ id: 2, kind: "count", question: 2 });
  expect(await heard()).toEqual({ id: 2, answer: "done" });
  expect(counted.slice(length)).toEqual([1, 2]);
  close();
});

it("what was answered already cannot be cancelled any more", async () => {
  const { port, heard, close } = aCounter();
  port.postMessage({ id: 1, kind: "count", question: 1 });
  expect(await heard()).toEqual({ id: 1, answer: "done" });
  port.postMessage({ id: 1, isCancelled: true });
  port.postMessage({ id: 1, kind: "count", question: 1 });
  expect(await heard()).toEqual({ id: 1, answer: "done" });
  close();
});
