import type { HttpClient } from "../forward/http-client.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** What EC2's metadata service says about this machine. */
export interface InstanceMetadata {
  /** A value below `/latest/meta-data/`; `undefined` where there is no such service, or no such value. */
  read(name: string): Promise<string | undefined>;
}

/** The service is a hop away or not there at all: whoever waits longer waits in vain. */
const timeoutMs = 1_000;

/** Asks by version 2 of the service, with a token; by version 1 only where the service knows no tokens. Never rejects. */
export function instanceMetadata(http: HttpClient, environment: Environment): InstanceMetadata {
  const origin = originOf(environment);
  let token: Promise<Token> | undefined;
  return {
    async read(name) {
      if (origin === undefined) return undefined;
      token ??= askToken(http, origin);
      const held = await token;
      if (held.kind === "no service") return undefined;
      const headers = held.kind === "token" ? { "X-aws-ec2-metadata-token": held.text } : {};
      return ask(http, new URL(`/latest/meta-data/${name}`, origin), { method: "GET", headers }).then(
        ({ status, text }) => (status === 200 && text !== "" ? text : undefined),
        () => undefined,
      );
    },
  };
}

function originOf(environment: Environment): URL | undefined {
  if (environment.AWS_EC2_METADATA_DISABLED?.toLowerCase() === "true") return undefined;
  const named = environment.AWS_EC2_METADATA_SERVICE_ENDPOINT;
  if (named && URL.canParse(named)) return new URL(named);
  const isIpv6 = environment.AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE?.toLowerCase() === "ipv6";
  return new URL(isIpv6 ? "http://[fd00:ec2::254]" : "http://169.254.169.254");
}

type Token =
  | { readonly kind: "token"; readonly text: string }
  | { readonly kind: "no tokens" }
  | { readonly kind: "no service" };

function askToken(http: HttpClient, origin: URL): Promise<Token> {
  const headers = { "X-aws-ec2-metadata-token-ttl-seconds": "300" };
  return ask(http, new URL("/latest/api/token", origin), { method: "PUT", headers }).then(
    ({ status, text }): Token => {
      if (status === 200 && /^[\x21-\x7e]+$/.test(text)) return { kind: "token", text };
      return { kind: [404, 405].includes(status) ? "no tokens" : "no service" };
    },
    (): Token => ({ kind: "no service" }),
  );
}

async function ask(
  http: HttpClient,
  url: URL,
  request: { method: string; headers: Readonly<Record<string, string>> },
): Promise<{ status: number; text: string }> {
  const { status, body } = await http.request(url, { ...request, timeoutMs });
  return { status, text: body.toString("utf8").trim() };
}
