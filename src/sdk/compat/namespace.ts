import { AsyncLocalStorage } from "node:async_hooks";
import type { EventEmitter } from "node:events";
import { bindEmitter, type Listener } from "../bind-emitter.ts";

/** What goes with a request through promises, timers and callbacks. Each inherits from the one it was made in. */
export type NamespaceContext = Record<string, unknown>;

/** A namespace as cls-hooked has them, on AsyncLocalStorage: what is set is set in place, for all that shares the context. */
export interface Namespace {
  readonly active: NamespaceContext | undefined;
  set<T>(key: string, value: T): T;
  get<T>(key: string): T;
  run(fn: (context: NamespaceContext) => void): NamespaceContext;
  runAndReturn<T>(fn: (context: NamespaceContext) => T): T;
  runPromise<T>(fn: (context: NamespaceContext) => Promise<T>): Promise<T>;
  bind<F>(fn: F, context?: NamespaceContext): F;
  bindEmitter(emitter: EventEmitter): void;
  createContext(): NamespaceContext;
  enter(context: NamespaceContext): void;
  exit(context: NamespaceContext): void;
}

const storage = new AsyncLocalStorage<NamespaceContext | undefined>();
/** What `exit` goes back to. */
const entered = new WeakMap<NamespaceContext, NamespaceContext | undefined>();

const createContext = (): NamespaceContext => Object.create(storage.getStore() ?? null) as NamespaceContext;

/** Runs a function in a new context that has some members more, with as few calls between as there can be: stacks are short. */
export function runWith<A, T>(members: NamespaceContext, fn: (argument: A) => T, argument: A): T {
  return storage.run(Object.assign(createContext(), members), fn, argument);
}

export const namespace: Namespace = {
  get active() {
    return storage.getStore();
  },
  /** Where cls-hooked throws, as nothing was run or entered, a context is entered. */
  set(name, value) {
    let context = storage.getStore();
    if (context === undefined) {
      context = createContext();
      namespace.enter(context);
    }
    context[name] = value;
    return value;
  },
  get: <T>(name: string) => storage.getStore()?.[name] as T,
  run(fn) {
    const context = createContext();
    storage.run(context, fn, context);
    return context;
  },
  runAndReturn(fn) {
    const context = createContext();
    return storage.run(context, fn, context);
  },
  runPromise: (fn) => namespace.runAndReturn(fn),
  bind<F>(fn: F, context: NamespaceContext = storage.getStore() ?? createContext()): F {
    const target = fn as Listener;
    const bound = function (this: unknown, ...args: unknown[]): unknown {
      return storage.run(context, () => target.apply(this, args));
    };
    return Object.defineProperty(bound, "length", { value: target.length, configurable: true }) as F;
  },
  bindEmitter(emitter) {
    // Where a listener is added, something is being worked on; where it is called, anything may be.
    bindEmitter(emitter, (listener) => namespace.bind(listener, storage.getStore()));
  },
  createContext,
  enter(context) {
    entered.set(context, storage.getStore());
    storage.enterWith(context);
  },
  exit(context) {
    storage.enterWith(entered.get(context));
  },
};
