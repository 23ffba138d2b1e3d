import { ProxyError } from "./proxy.ts";
import { type Advice, type FailureKind, ForwardError } from "./way-out.ts";

/** A request took longer than it may. */
export class TimeoutError extends Error {
  readonly code = "ETIMEDOUT";

  constructor(limitMs: number) {
    super(`no answer within ${limitMs / 1_000} s`);
    this.name = "TimeoutError";
  }
}

/** An answer was longer than it may be. */
export class AnswerTooLargeError extends Error {
  readonly limitBytes: number;

  constructor(limitBytes: number) {
    super(`an answer of more than ${limitBytes} bytes`);
    this.name = "AnswerTooLargeError";
    this.limitBytes = limitBytes;
  }
}

/** Says why no answer came from a URL: what happened, where, what to do; and whether trying again may help. */
export function explainFailure(error: unknown, url: URL): ForwardError {
  if (error instanceof ForwardError) return error;
  const cause = error instanceof Error ? error : new Error(String(error));
  const facts: Facts = { error: cause, code: codeOf(cause), place: url.host, host: url.hostname };
  const { kind, advice, sentence } = rules.find(({ applies }) => applies(facts))!;
  return new ForwardError(sentence(facts), { kind, advice, cause });
}

interface Facts {
  readonly error: Error;
  readonly code: string;
  readonly place: string;
  readonly host: string;
}

interface Rule {
  readonly kind: FailureKind;
  readonly advice: Advice;
  readonly applies: (facts: Facts) => boolean;
  readonly sentence: (facts: Facts) => string;
}

const known =
  (...codes: string[]) =>
  ({ code }: Facts): boolean =>
    codes.includes(code);

/** The first that applies counts. */
const rules: readonly Rule[] = [
  {
    kind: "other",
    advice: "hold",
    applies: ({ error }) => error instanceof ProxyError && error.status === 407,
    sentence: ({ error }) => `${error.message}. Put its user and password into the proxy's address.`,
  },
  {
    kind: "other",
    advice: "retry",
    applies: ({ error }) => error instanceof ProxyError,
    sentence: ({ error }) =>
      `${error.message}${error.cause instanceof Error ? ` (${error.cause.message})` : ""}. ` +
      "Look at the proxy, or list the host in NO_PROXY.",
  },
  {
    kind: "other",
    advice: "retry",
    applies: ({ error }) => error instanceof AnswerTooLargeError,
    sentence: ({ error, place }) => `${place} sent ${error.message}. Check that it is the address that is meant.`,
  },
  {
    kind: "timeout",
    advice: "retry",
    applies: known("ETIMEDOUT", "ESOCKETTIMEDOUT"),
    sentence: ({ error, place }) =>
      error instanceof TimeoutError
        ? `There is ${error.message} from ${place}. Check the network and firewalls, or whether it is overloaded.`
        : `${place} cannot be connected to (the system gave up waiting). Check the network and firewalls.`,
  },
  {
    kind: "connectionRefused",
    advice: "retry",
    applies: known("ECONNREFUSED"),
    sentence: ({ place }) => `Nothing listens on ${place} (connection refused). Start it, or check the port.`,
  },
  {
    kind: "unknownHost",
    advice: "retry",
    applies: known("ENOTFOUND", "EAI_AGAIN", "EAI_NODATA", "EAI_NONAME", "EAI_FAIL"),
    sentence: ({ code, host }) =>
      `The host "${host}" cannot be found (DNS says ${code}). Check its spelling and the network.`,
  },
  {
    kind: "other",
    advice: "retry",
    applies: known("EHOSTUNREACH", "ENETUNREACH", "EADDRNOTAVAIL", "ENETDOWN", "EHOSTDOWN"),
    sentence: ({ code, place }) => `There is no way to ${place} (${code}). Check the address and the network.`,
  },
  {
    kind: "other",
    advice: "hold",
    applies: ({ code }) => /SELF_SIGNED|UNABLE_TO_|^CERT_|^ERR_TLS_CERT|^HOSTNAME_MISMATCH/.test(code),
    sentence: ({ error, place }) =>
      `The certificate of ${place} is not trusted (${error.message}). ` +
      "Name its authority in FLUOROSCOPE_DAEMON_CA_FILE or NODE_EXTRA_CA_CERTS, or switch verification off with NoVerifySSL.",
  },
  {
    kind: "other",
    advice: "retry",
    applies: ({ code }) => code === "EPROTO" || code.startsWith("ERR_SSL"),
    sentence: ({ code, place }) =>
      `${place} does not speak TLS as it should (${code}). Check that the URL is meant to be https.`,
  },
  {
    kind: "other",
    advice: "retry",
    applies: ({ code }) => code.startsWith("HPE_"),
    sentence: ({ error, place }) =>
      `${place} does not answer in HTTP/1.1 (${error.message}). Check that it is an HTTP port, and http or https.`,
  },
  {
    kind: "other",
    advice: "hold",
    applies: known("ERR_INVALID_CHAR", "ERR_INVALID_HTTP_TOKEN", "ERR_UNESCAPED_CHARACTERS"),
    sentence: ({ error, place }) =>
      `The request to ${place} cannot be written (${error.message}). Look for line breaks in keys, tokens and headers.`,
  },
  {
    kind: "other",
    advice: "retry",
    applies: known("ECONNRESET", "EPIPE", "ECONNABORTED"),
    sentence: ({ place }) => `${place} closed the connection before it had answered. Look at its log.`,
  },
  {
    kind: "other",
    advice: "retry",
    applies: () => true,
    sentence: ({ error, code, place }) => `The request to ${place} failed (${error.message || code}). Look at its log.`,
  },
];

/** Happy eyeballs reports one error with those of all addresses inside. */
function codeOf(error: Error): string {
  if ("code" in error && typeof error.code === "string") return error.code;
  return error instanceof AggregateError && error.errors[0] instanceof Error ? codeOf(error.errors[0]) : "";
}
