import { isAutomaticMode } from "./context.ts";
import { namespace } from "./namespace.ts";

type Then = (...handlers: unknown[]) => unknown;
interface PromiseLikeClass {
  readonly prototype: { then: Then; catch?: Then };
}

const captured = new WeakSet<object>();

/** Node's own promises keep the context by themselves: there is nothing to do for them. */
export const capturePromise: { (): void; patchThirdPartyPromise(promiseClass: unknown): void } = Object.assign(
  (): void => undefined,
  { patchThirdPartyPromise },
);

/** Lets what follows a promise of another library run where it was asked for. */
function patchThirdPartyPromise(promiseClass: unknown): void {
  const { prototype } = promiseClass as PromiseLikeClass;
  if (captured.has(prototype)) return;
  captured.add(prototype);
  const { then, catch: original } = prototype;
  // biome-ignore lint/suspicious/noThenProperty: it is the very method that is to be wrapped.
  prototype.then = function (...handlers) {
    return then.apply(this, handlers.map(bound));
  };
  if (original === undefined) return;
  prototype.catch = function (...handlers) {
    return original.apply(this, handlers.map(bound));
  };
}

function bound(handler: unknown): unknown {
  const isWithin = isAutomaticMode() && namespace.active !== undefined;
  return isWithin && typeof handler === "function" ? namespace.bind(handler) : handler;
}
