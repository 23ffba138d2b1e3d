import type { EventEmitter } from "node:events";
import { type Context, createContextKey, ROOT_CONTEXT } from "@opentelemetry/api";
import { AsyncContextManager } from "../async-context-manager.ts";
import { bindEmitter } from "../bind-emitter.ts";

/** What goes with a request through promises, timers and callbacks. Each inherits from the one it was made in. */
export type NamespaceContext = Record<string, unknown>;

type AnyFunction = (...args: never[]) => unknown;

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

const key = createContextKey("fluoroscope-sdk compat");
const manager = new AsyncContextManager();
/** What `exit` goes back to. */
const entered = new WeakMap<NamespaceContext, NamespaceContext | undefined>();

const active = (): NamespaceContext | undefined => manager.active().getValue(key) as NamespaceContext | undefined;
const carrying = (context: NamespaceContext | undefined): Context =>
  context === undefined ? ROOT_CONTEXT : ROOT_CONTEXT.setValue(key, context);
const createContext = (): NamespaceContext => Object.create(active() ?? null) as NamespaceContext;

export const namespace: Namespace = {
  get active() {
    return active();
  },
  /** Where cls-hooked throws, as nothing was run or entered, a context is entered. */
  set(name, value) {
    let context = active();
    if (context === undefined) {
      context = createContext();
      namespace.enter(context);
    }
    context[name] = value;
    return value;
  },
  get: <T>(name: string) => active()?.[name] as T,
  run(fn) {
    const context = createContext();
    manager.with(carrying(context), () => fn(context));
    return context;
  },
  runAndReturn(fn) {
    const context = createContext();
    return manager.with(carrying(context), () => fn(context));
  },
  runPromise: (fn) => namespace.runAndReturn(fn),
  bind<F>(fn: F, context: NamespaceContext = active() ?? createContext()): F {
    return manager.bind(carrying(context), fn as AnyFunction) as F;
  },
  bindEmitter(emitter) {
    // Where a listener is added, something is being worked on; where it is called, anything may be.
    bindEmitter(emitter, (listener) => (active() === undefined ? listener.bind(emitter) : namespace.bind(listener)));
  },
  createContext,
  enter(context) {
    entered.set(context, active());
    manager.enter(carrying(context));
  },
  exit(context) {
    manager.enter(carrying(entered.get(context)));
  },
};
