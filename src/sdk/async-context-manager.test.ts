import { EventEmitter } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { type Context, createContextKey, ROOT_CONTEXT } from "@opentelemetry/api";
import { expect, it } from "vitest";
import { AsyncContextManager } from "./async-context-manager.ts";

const key = createContextKey("test");
const named = (name: string): Context => ROOT_CONTEXT.setValue(key, name);
const manager = new AsyncContextManager();
const active = () => manager.active().getValue(key);

it("a context goes with what is awaited, and ends with the call", async () => {
  const seen = await manager.with(named("a"), async () => {
    await sleep(1);
    return manager.with(named("b"), async () => [active(), await sleep(1).then(active)]);
  });
  expect(seen).toEqual(["b", "b"]);
  expect(active()).toBeUndefined();
});

it("arguments and this arrive", () => {
  const sum = manager.with(
    named("a"),
    function (this: { base: number }, a: number, b: number) {
      return this.base + a + b;
    },
    { base: 1 },
    2,
    3,
  );
  expect(sum).toBe(6);
});

it("a context that is entered stays for the rest of the call", async () => {
  await manager.with(named("outer"), async () => {
    manager.enter(named("entered"));
    await sleep(1);
    expect(active()).toBe("entered");
  });
});

it("a bound function keeps its context and its length", () => {
  const bound = manager.bind(named("a"), (one: unknown, two: unknown) => [active(), one, two]);
  expect(bound(1, 2)).toEqual(["a", 1, 2]);
  expect(bound.length).toBe(2);
});

it("a bound emitter's listeners have the context, and can be removed by what was added", () => {
  const emitter = manager.bind(named("a"), new EventEmitter());
  const seen: unknown[] = [];
  const listener = () => seen.push(active());
  emitter.on("x", listener);
  emitter.emit("x");
  emitter.off("x", listener);
  emitter.once("x", listener);
  emitter.removeListener("x", listener);
  emitter.emit("x");
  expect(seen).toEqual(["a"]);
  emitter.once("x", listener);
  emitter.emit("x");
  emitter.emit("x");
  expect(seen).toEqual(["a", "a"]);
  expect(emitter.listenerCount("x")).toBe(0);
});
