import { Agent, type RequestOptions, request as requestHttp } from "node:http";
import type { AgentOptions, request as requestHttps } from "node:https";
import { isIP } from "node:net";
import { bypassesProxy } from "./no-proxy.ts";
import { readProxy } from "./proxy.ts";

/** How requests to a URL are made: directly or through a proxy. */
export interface Route {
  readonly request: typeof requestHttp | typeof requestHttps;
  readonly agent: Agent;
  /** Host, port and TLS name for the connection. */
  readonly options: RequestOptions & { readonly servername?: string };
  /** A plain proxy, which wants the whole URL on the request line. */
  readonly proxy?: URL;
}

export interface ConnectionOptions {
  readonly proxy?: string | undefined;
  readonly httpsProxy?: string | undefined;
  readonly noProxy?: string | undefined;
  readonly verifyTls?: boolean | undefined;
  readonly ca?: string | undefined;
  readonly timeoutMs: number;
  readonly maxSockets: number;
}

/** Below the minute after which AWS's load balancers close a connection that nobody uses. */
const idleMs = 50_000;

/** Kept connections, direct and through proxies. TLS is loaded when something asks for it. */
export class Connections {
  readonly #options: ConnectionOptions;
  readonly #proxy: URL | undefined;
  readonly #httpsProxy: URL | undefined;
  readonly #agents: AgentOptions;
  readonly #plain: Agent;
  readonly #secure = new Map<string, Promise<{ agent: Agent; request: typeof requestHttps }>>();
  readonly #open: Agent[] = [];

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#proxy = options.proxy ? readProxy(options.proxy) : undefined;
    this.#httpsProxy = options.httpsProxy ? readProxy(options.httpsProxy) : undefined;
    this.#agents = {
      keepAlive: true,
      maxSockets: options.maxSockets,
      maxFreeSockets: options.maxSockets,
      timeout: idleMs,
    };
    this.#plain = this.#kept(new Agent(this.#agents));
  }

  async route(url: URL): Promise<Route> {
    const isTls = url.protocol === "https:";
    const wanted = this.#proxy ?? (isTls ? this.#httpsProxy : undefined);
    const proxy = wanted && bypassesProxy(url, this.#options.noProxy) ? undefined : wanted;
    if (isTls) return { ...(await this.#secureAgent(proxy)), options: secureOptions(url) };
    if (proxy === undefined) return { request: requestHttp, agent: this.#plain, options: plainOptions(url) };
    if (proxy.protocol === "http:") {
      return { request: requestHttp, agent: this.#plain, options: plainOptions(proxy), proxy };
    }
    return { ...(await this.#secureAgent(undefined)), options: secureOptions(proxy), proxy };
  }

  /** What one dead connection tells about the others: the next requests shall not find out one by one. */
  dropIdle(): void {
    for (const agent of this.#open) {
      for (const sockets of Object.values(agent.freeSockets)) for (const socket of sockets ?? []) socket.destroy();
    }
  }

  close(): void {
    for (const agent of this.#open) agent.destroy();
  }

  #secureAgent(proxy: URL | undefined): Promise<{ agent: Agent; request: typeof requestHttps }> {
    const name = proxy?.href ?? "";
    const known = this.#secure.get(name);
    if (known !== undefined) return known;
    const opening = this.#openSecureAgent(proxy);
    this.#secure.set(name, opening);
    return opening;
  }

  async #openSecureAgent(proxy: URL | undefined): Promise<{ agent: Agent; request: typeof requestHttps }> {
    const [https, tls, { createTunnelAgent }] = await Promise.all([
      import("node:https"),
      import("node:tls"),
      import("./tunnel-agent.ts"),
    ]);
    const { ca, verifyTls = true, timeoutMs } = this.#options;
    const options: AgentOptions = {
      ...this.#agents,
      rejectUnauthorized: verifyTls,
      // One context for all connections: reading 150 certificates takes longer than a handshake.
      ...(ca !== undefined && { secureContext: tls.createSecureContext({ ca: [...tls.rootCertificates, ca] }) }),
    };
    const agent = proxy === undefined ? new https.Agent(options) : createTunnelAgent(proxy, timeoutMs, options);
    return { agent: this.#kept(agent), request: https.request };
  }

  #kept(agent: Agent): Agent {
    this.#open.push(agent);
    return agent;
  }
}

function plainOptions(url: URL): Route["options"] {
  return { host: hostOf(url), port: url.port || 80 };
}

function secureOptions(url: URL): Route["options"] {
  const host = hostOf(url);
  return { host, port: url.port || 443, servername: isIP(host) === 0 ? host : "" };
}

/** As connections want it: without the brackets of an IPv6 address. */
function hostOf(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, "$1");
}
