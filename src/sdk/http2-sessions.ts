import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { ClientHttp2Session } from "node:http2";
import { lazyHttp2, lazyNet, lazyStream } from "./lazy-builtins.ts";

const made = "net.client.socket";

/**
 * Calls once, with what all client sessions of `node:http2` inherit, before the application has its first session. The
 * module is costly to load, and many have it loaded without using it (`fetch` does that), so it is left alone until a
 * socket is made for a session. Answers how to stop waiting.
 */
export function beforeFirstSession(found: (sessions: ClientHttp2Session) => void): () => void {
  const stop = onSocket(() => {
    if (!isForSession()) return;
    stop();
    found(sessionPrototype());
  });
  return stop;
}

/** Node tells of each socket; before 22, not of those with TLS. */
function onSocket(listener: () => void): () => void {
  if (Number.parseInt(process.versions.node, 10) < 22) return patchConnect(listener);
  subscribe(made, listener);
  return () => void unsubscribe(made, listener);
}

function patchConnect(listener: () => void): () => void {
  const { prototype } = lazyNet().Socket;
  const original = prototype.connect as (...args: unknown[]) => unknown;
  const patched = function (this: unknown, ...args: unknown[]): unknown {
    listener();
    return original.apply(this, args);
  };
  prototype.connect = patched as typeof prototype.connect;
  return () => {
    if (prototype.connect === patched) prototype.connect = original as typeof prototype.connect;
  };
}

/** A socket does not say what it is for. Who makes it does: it is being made this moment. */
function isForSession(): boolean {
  const { moduleLoadList } = process as unknown as { moduleLoadList?: readonly string[] };
  if (moduleLoadList?.includes("NativeModule http2") !== true) return false;
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 12;
  const { stack = "" } = new Error("Who asks?");
  Error.stackTraceLimit = limit;
  return stack.includes("node:internal/http2/core");
}

/** The class has no name outside Node; a session that goes nowhere shows it. */
function sessionPrototype(): ClientHttp2Session {
  const { Duplex } = lazyStream();
  const nowhere = new Duplex({ read() {}, write: (_chunk, _encoding, done) => done() });
  const session = lazyHttp2().connect("http://localhost", { createConnection: () => nowhere });
  session.on("error", () => nowhere.destroy());
  session.destroy();
  return Object.getPrototypeOf(session) as ClientHttp2Session;
}
