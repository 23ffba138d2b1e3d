import type { Credentials } from "../sigv4/sign-request.ts";
import { assumeRole } from "./assume-role.ts";
import type { HttpClient } from "./http-client.ts";
import { sdkRequestHandler } from "./sdk-request-handler.ts";
import { ForwardError } from "./way-out.ts";

/** Credentials that may expire. */
export interface ExpiringCredentials extends Credentials {
  /** Milliseconds. */
  readonly expiresAt?: number | undefined;
}

/** Where the keys for signing come from. */
export interface CredentialSource {
  /** Rejects with a `ForwardError` (`FLUORO_NO_CREDENTIALS`, hold) when there are none. */
  get(): Promise<ExpiringCredentials>;
  /** Other ones, since those were refused as expired; the same ones when nobody has others. */
  renew(refused: Credentials): Promise<ExpiringCredentials>;
}

export interface CredentialOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly region: string;
  /** A role to take on with the credentials that are found. */
  readonly roleArn?: string | undefined;
  readonly externalId?: string | undefined;
  /** For STS, SSO and web identities. Metadata services are asked directly, as they must be. */
  readonly http: HttpClient;
  /** Milliseconds. */
  readonly now: () => number;
}

/** Fetches credentials; `renewed` says that those of the last time were refused. */
type Fetch = (renewed: boolean) => Promise<ExpiringCredentials>;

/** As AWS's SDKs do: new ones are asked for while the old ones still hold for this long. */
const earlyMs = 5 * 60_000;
/** Between attempts to replace credentials that still hold. */
const betweenRefreshesMs = 30_000;
/** Asking everywhere in vain takes a second and more, where there is no metadata service: not for every request. */
const afterFailureMs = 5_000;

/**
 * Credentials as the original finds them: keys in the environment, else whatever AWS's own chain finds (shared files, SSO,
 * a process, web identity, metadata of the container or the instance), whose code is loaded only then.
 */
export function openCredentials(options: CredentialOptions): CredentialSource {
  const { roleArn, now } = options;
  const own = kept(fromEnvironment(options.environment) ?? fromChain(options), now);
  if (roleArn === undefined) return own;
  return kept(() => assumeRole({ ...options, roleArn, caller: own }), now);
}

function fromEnvironment({
  AWS_ACCESS_KEY_ID: accessKeyId,
  AWS_SECRET_ACCESS_KEY: secretAccessKey,
  AWS_SESSION_TOKEN: sessionToken,
}: CredentialOptions["environment"]): Fetch | undefined {
  if (!accessKeyId || !secretAccessKey) return undefined;
  return async () => ({ accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) });
}

/** The library reads `process.env` itself: it cannot be handed another environment. */
function fromChain({ region, http }: CredentialOptions): Fetch {
  const requestHandler = sdkRequestHandler(http);
  let chain: (() => Promise<SdkCredentials>) | undefined;
  return async (renewed) => {
    try {
      // It is about versions of the library that are not installed here, and would only alarm.
      process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
      const { fromNodeProviderChain } = await import("@aws-sdk/credential-providers");
      const init = { clientConfig: { requestHandler }, parentClientConfig: { region, requestHandler } };
      if (renewed) chain = undefined;
      chain ??= fromNodeProviderChain(init);
      const { accessKeyId, secretAccessKey, sessionToken, expiration } = await chain();
      return { accessKeyId, secretAccessKey, sessionToken, expiresAt: expiration?.getTime() };
    } catch (error) {
      throw noCredentials(error);
    }
  };
}

interface SdkCredentials extends Credentials {
  readonly expiration?: Date;
}

function noCredentials(error: unknown): ForwardError {
  // A network that is down for STS or SSO is no lack of credentials.
  if (error instanceof ForwardError && error.advice === "retry") return error;
  const reason = error instanceof Error ? error.message : String(error);
  const message =
    `No AWS credentials were found (${reason.replace(/[\s.]+$/, "")}). ` +
    "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, or give this machine, task or pod a role.";
  return new ForwardError(message, { kind: "other", advice: "hold", code: "FLUORO_NO_CREDENTIALS", cause: error });
}

/** Keeps what was fetched for as long as it holds. One fetch at a time, however many ask. */
function kept(fetch: Fetch, now: () => number): CredentialSource {
  let held: ExpiringCredentials | undefined;
  let triedAt = Number.NEGATIVE_INFINITY;
  let failure: { readonly error: unknown } | undefined;
  let fetching: Promise<ExpiringCredentials> | undefined;

  const fetchOnce = (renewed: boolean): Promise<ExpiringCredentials> => {
    fetching ??= fetch(renewed)
      .then(
        (credentials) => {
          failure = undefined;
          held = credentials;
          return credentials;
        },
        (error: unknown) => {
          failure = { error };
          throw error;
        },
      )
      .finally(() => {
        triedAt = now();
        fetching = undefined;
      });
    return fetching;
  };
  const holdsFor = (ms: number): boolean =>
    held !== undefined && (held.expiresAt ?? Number.POSITIVE_INFINITY) > now() + ms;

  return {
    async get() {
      if (held !== undefined && holdsFor(0)) {
        const isDue = !holdsFor(earlyMs) && now() > triedAt + betweenRefreshesMs;
        // Aside: these still hold, and when they do not any more the failure is told.
        if (isDue) fetchOnce(false).catch(() => undefined);
        return held;
      }
      if (failure !== undefined && now() < triedAt + afterFailureMs) throw failure.error;
      return fetchOnce(false);
    },
    async renew(refused) {
      const isOther = held !== undefined && held.sessionToken !== refused.sessionToken;
      if (held !== undefined && (isOther || now() < triedAt + afterFailureMs)) return held;
      return fetchOnce(true);
    },
  };
}
