import type { Exchange } from "./exchange.ts";
import { type PhaseName, phasesOf } from "./phases.ts";

type FailureKind =
  | "timeout"
  | "redirects"
  | "dns"
  | "refused"
  | "unreachable"
  | "tls"
  | "closed"
  | "protocol"
  | "other";

/** Why a call got no answer, or not all of it. */
export interface CallFailure {
  readonly kind: FailureKind;
  /** Node's or OpenSSL's code, where there is one. */
  readonly code?: string;
  /** What happened, where, and what to do next, in a sentence or two. */
  readonly message: string;
  /** The step it happened in. */
  readonly phase: PhaseName;
  readonly error: Error;
}

/** What a failed exchange means to the one who made the call. */
export function describeFailure(failed: Exchange, error: Error): CallFailure {
  const { url } = failed.request;
  const code = codeOf(error);
  const phase = phasesOf(failed.marks, failed.way).at(-1)!.name;
  const place = `${url.hostname}:${url.port || (url.protocol === "https:" ? 443 : 80)}`;
  const facts: Facts = { error, code: code ?? "", phase, place, host: url.hostname };
  const { kind, sentence } = rules.find(({ applies }) => applies(facts))!;
  return { kind, ...(code !== undefined && { code }), message: sentence(facts), phase, error };
}

/** Happy eyeballs reports one error with those of all addresses inside. */
function codeOf(error: Error): string | undefined {
  if ("code" in error && typeof error.code === "string") return error.code;
  return error instanceof AggregateError && error.errors[0] instanceof Error ? codeOf(error.errors[0]) : undefined;
}

interface Facts {
  readonly error: Error;
  readonly code: string;
  readonly phase: PhaseName;
  readonly place: string;
  readonly host: string;
}

interface Rule {
  readonly kind: FailureKind;
  readonly applies: (facts: Facts) => boolean;
  readonly sentence: (facts: Facts) => string;
}

const doing: Readonly<Record<PhaseName, string>> = {
  DNS: "looking up the host",
  connect: "connecting",
  TLS: "shaking hands over TLS",
  wait: "waiting for the first byte",
  download: "reading the body",
};

const known =
  (...codes: string[]) =>
  ({ code }: Facts): boolean =>
    codes.includes(code);

/** The first that applies counts. */
const rules: readonly Rule[] = [
  {
    kind: "timeout",
    applies: ({ error }) => "limitMs" in error,
    sentence: ({ error, phase, place }) =>
      `${error.message}; it was still ${doing[phase]} at ${place}. Look at the server, or allow it more time.`,
  },
  {
    kind: "redirects",
    applies: known("TOO_MANY_REDIRECTS"),
    sentence: ({ error, place }) =>
      `${error.message}, at last by ${place}. Look where they lead with -i and without -L.`,
  },
  {
    kind: "dns",
    applies: known("ENOTFOUND", "EAI_AGAIN", "EAI_NODATA", "EAI_NONAME"),
    sentence: ({ code, host }) =>
      `The host "${host}" cannot be found (DNS says ${code}). Check its spelling and the network.`,
  },
  {
    kind: "refused",
    applies: known("ECONNREFUSED"),
    sentence: ({ place }) => `Nothing listens on ${place} (connection refused). Start the server, or check the port.`,
  },
  {
    kind: "unreachable",
    applies: known("EHOSTUNREACH", "ENETUNREACH", "EADDRNOTAVAIL"),
    sentence: ({ code, place }) => `There is no way to ${place} (${code}). Check the address and the network.`,
  },
  {
    kind: "timeout",
    applies: known("ETIMEDOUT"),
    sentence: ({ place }) =>
      `${place} does not answer (the system gave up). Check the address, the network, firewalls.`,
  },
  {
    kind: "tls",
    applies: ({ code }) => /SELF_SIGNED|UNABLE_TO_|^CERT_|ERR_TLS_CERT/.test(code),
    sentence: ({ error, place }) =>
      `The certificate of ${place} is not trusted (${error.message}). ` +
      "Name its authority in NODE_EXTRA_CA_CERTS, or trust it blindly with -k.",
  },
  {
    kind: "tls",
    applies: ({ code, phase }) => phase === "TLS" || code === "EPROTO" || code.startsWith("ERR_SSL"),
    sentence: ({ error, code, place }) =>
      `${place} does not speak TLS as it should (${code || error.message}). Check that the URL is meant to be https.`,
  },
  {
    kind: "closed",
    applies: ({ code, phase }) => phase === "download" && (code === "ECONNRESET" || code === "EPIPE"),
    sentence: ({ place }) => `${place} closed the connection in the middle of the body. Look at the server's log.`,
  },
  {
    kind: "closed",
    applies: known("ECONNRESET", "EPIPE"),
    sentence: ({ place }) => `${place} closed the connection without an answer. Look at the server's log.`,
  },
  {
    kind: "protocol",
    applies: ({ code }) => code.startsWith("HPE_"),
    sentence: ({ error, place }) =>
      `${place} does not answer in HTTP/1.1 (${error.message}). Check that it is an HTTP port, and http or https.`,
  },
  {
    kind: "protocol",
    applies: ({ code }) => code.startsWith("Z_") || code.startsWith("ERR__ERROR"),
    sentence: ({ error, place }) =>
      `${place} sent a body that cannot be unpacked (${error.message}). ` +
      "Call it with -H 'Accept-Encoding: identity' to see it as it is.",
  },
  {
    kind: "other",
    applies: () => true,
    sentence: ({ error, code, phase, place }) =>
      `The call to ${place} ended while ${doing[phase]} (${error.message || code}). Look at the server's log.`,
  },
];
