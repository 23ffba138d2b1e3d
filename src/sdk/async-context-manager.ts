import { AsyncLocalStorage } from "node:async_hooks";
import { EventEmitter } from "node:events";
import { type Context, type ContextManager, ROOT_CONTEXT } from "@opentelemetry/api";
import { bindEmitter, type Listener } from "./bind-emitter.ts";

/** OpenTelemetry's context in AsyncLocalStorage: it goes with promises, timers and callbacks by itself. */
export class AsyncContextManager implements ContextManager {
  readonly #storage = new AsyncLocalStorage<Context>();

  active(): Context {
    return this.#storage.getStore() ?? ROOT_CONTEXT;
  }

  with<A extends unknown[], F extends (...args: A) => ReturnType<F>>(
    context: Context,
    fn: F,
    thisArg?: ThisParameterType<F>,
    ...args: A
  ): ReturnType<F> {
    if (thisArg === undefined) return this.#storage.run(context, fn, ...args);
    return this.#storage.run(context, () => fn.call(thisArg, ...args));
  }

  /** Makes a context the active one for the rest of this call and all that comes of it. */
  enter(context: Context): void {
    this.#storage.enterWith(context);
  }

  /** Functions are wrapped. Of an event emitter, the listeners that are added from now on are. */
  bind<T>(context: Context, target: T): T {
    if (typeof target === "function") return this.#bindFunction(context, target as T & Listener) as T;
    if (target instanceof EventEmitter) bindEmitter(target, (listener) => this.#bindFunction(context, listener));
    return target;
  }

  enable(): this {
    return this;
  }

  disable(): this {
    this.#storage.disable();
    return this;
  }

  #bindFunction(context: Context, target: Listener): Listener {
    const storage = this.#storage;
    const bound = function (this: unknown, ...args: unknown[]): unknown {
      return storage.run(context, () => target.apply(this, args));
    };
    Object.defineProperty(bound, "length", { value: target.length, configurable: true });
    return bound;
  }
}
