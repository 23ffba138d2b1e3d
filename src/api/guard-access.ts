import type { FastifyInstance, FastifyRequest } from "fastify";
import type { ReceivedRequest } from "../sigv4/verify-request.ts";
import type { AccessKey } from "./access-keys.ts";
import { type Authenticator, authorize, type Deed } from "./authenticate.ts";
import { AwsError } from "./aws-errors.ts";

/** Who sent which request, as far as it has been found out. */
export interface AccessGuard {
  /** To be called with a request's body before anybody reads it. */
  checkBody(request: FastifyRequest, body: Buffer): void;
  keyOf(request: FastifyRequest): AccessKey | undefined;
}

/** Probes carry no keys, and learn nothing but that somebody is alive. */
const open = "/healthz";
const noBody = Buffer.alloc(0);

/** Lets in who has a key for what the request wants; `deedOf` says what that is. To be added before all other hooks. */
export function guardAccess(
  app: FastifyInstance,
  authenticator: Authenticator,
  deedOf: (request: FastifyRequest) => Deed,
): AccessGuard {
  const known = new WeakMap<FastifyRequest, AccessKey>();
  /** As they came: later hooks take some away, and the signature covers them. */
  const received = new WeakMap<FastifyRequest, ReceivedRequest["headers"]>();

  const admit = (request: FastifyRequest, key: AccessKey): void => {
    authorize(key, deedOf(request));
    known.set(request, key);
  };
  const checkBody = (request: FastifyRequest, body: Buffer): void => {
    if (known.has(request)) return;
    const { method = "GET", url: target = "/" } = request.raw;
    admit(request, authenticator.signed({ method, target, headers: received.get(request) ?? {}, body }));
  };
  app.addHook("onRequest", async (request) => {
    if (pathOf(request) === open) return;
    received.set(request, { ...request.raw.headers });
    const key = authenticator.basic(request.headers.authorization);
    if (key !== undefined) admit(request, key);
  });
  app.addHook("preHandler", async (request) => {
    if (pathOf(request) !== open) checkBody(request, noBody);
  });
  app.addHook("onError", async (request, reply, error) => {
    const isUnknown = error instanceof AwsError && error.status === 401;
    // Browsers ask their user; AWS's clients know 403 alone.
    if (isUnknown && request.method === "GET") reply.header("www-authenticate", 'Basic realm="fluoroscope"');
  });
  return { checkBody, keyOf: (request) => known.get(request) };
}

function pathOf({ url }: FastifyRequest): string {
  return url.split("?")[0]!;
}
