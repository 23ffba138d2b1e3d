import { EventEmitter } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { namespace } from "./namespace.ts";

it("what is set within a context is there after waiting, and not outside of it", async () => {
  await namespace.runPromise(async () => {
    namespace.set("tea", "green");
    await sleep(1);
    expect(namespace.get("tea")).toBe("green");
  });
  expect(namespace.active).toBeUndefined();
  expect(namespace.get("tea")).toBeUndefined();
});

it("what is set is set in place, for all that shares the context, and a context within has its own", async () => {
  await namespace.runPromise(async () => {
    namespace.set("tea", "green");
    const later = sleep(2).then(() => namespace.get("tea"));
    namespace.run(() => {
      expect(namespace.get("tea")).toBe("green");
      namespace.set("tea", "black");
    });
    expect(namespace.get("tea")).toBe("green");
    namespace.set("tea", "white");
    expect(await later).toBe("white");
  });
});

it("a function that is bound runs in its context, as long as it was, on what it is called on", () => {
  const context = namespace.createContext();
  context.tea = "green";
  const bound = namespace.bind(function (this: unknown, _a: number, _b: number): unknown {
    return [this, namespace.get("tea")];
  }, context);
  expect(bound).toHaveLength(2);
  expect(bound.call("pot", 1, 2)).toEqual(["pot", "green"]);
});

it("listeners of an emitter run in the context in which they were added, and are removed as they were added", () => {
  const emitter = new EventEmitter();
  namespace.bindEmitter(emitter);
  const heard: unknown[] = [];
  const listener = (): void => {
    heard.push(namespace.get("tea"));
  };
  namespace.run(() => {
    namespace.set("tea", "green");
    emitter.on("pour", listener);
    emitter.once("pour", listener);
  });
  namespace.run(() => emitter.emit("pour"));
  emitter.off("pour", listener);
  emitter.emit("pour");
  expect(heard).toEqual(["green", "green"]);
});

it("a context that is entered stays until it is left", () => {
  namespace.run(() => {
    const outer = namespace.active;
    const context = namespace.createContext();
    namespace.enter(context);
    expect(namespace.active).toBe(context);
    namespace.exit(context);
    expect(namespace.active).toBe(outer);
  });
});
