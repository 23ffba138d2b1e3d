import type { EventEmitter } from "node:events";

export type Listener = (...args: unknown[]) => unknown;

/** From now on, each listener that is added to an emitter is what `bind` makes of it. It is removed as it was added. */
export function bindEmitter(emitter: EventEmitter, bind: (listener: Listener) => Listener): void {
  // `once` and `prependOnceListener` come through `on` and `prependListener`, with a function that removes itself.
  const boundOnce = new WeakMap<Listener, Listener>();
  for (const method of ["on", "addListener", "prependListener"] as const) {
    const original = emitter[method];
    emitter[method] = (name: string | symbol, listener: Listener & { listener?: Listener }) => {
      const bound = bind(listener);
      if (listener.listener !== undefined) boundOnce.set(listener, bound);
      // By this member Node finds what is to be removed.
      return original.call(emitter, name, Object.assign(bound, { listener: listener.listener ?? listener }));
    };
  }
  for (const method of ["off", "removeListener"] as const) {
    const original = emitter[method];
    emitter[method] = (name: string | symbol, listener: Listener) =>
      original.call(emitter, name, boundOnce.get(listener) ?? listener);
  }
}
