import { request as requestHttp } from "node:http";
import { type AgentOptions, Agent as HttpsAgent, request as requestHttps } from "node:https";
import { isIP, type Socket } from "node:net";
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from "node:tls";
import { basicAuthorization, ProxyError } from "./proxy.ts";

interface Target extends ConnectionOptions {
  readonly host: string;
  readonly port: number;
}

type Done = (error: Error | null, socket?: TLSSocket) => void;

/**
 * An agent whose TLS connections lead through a proxy's CONNECT. A tunnel that the proxy never answers ends with
 * `connectTimeoutMs`; what a proxy says when it refuses is its own answer, never taken for that of the host behind it.
 */
export function createTunnelAgent(proxy: URL, connectTimeoutMs: number, options: AgentOptions): HttpsAgent {
  const agent = new HttpsAgent(options);
  const createConnection = (target: Target, done: Done): void => {
    openTunnel(proxy, target, connectTimeoutMs, options)
      .then((socket) => connectTls({ ...target, socket, path: undefined }))
      .then(
        (socket) => done(null, socket),
        (error: unknown) => done(error instanceof Error ? error : new Error(String(error))),
      );
  };
  return Object.assign(agent, { createConnection });
}

function openTunnel(proxy: URL, target: Target, timeoutMs: number, tls: ConnectionOptions): Promise<Socket> {
  const authority = `${isIP(target.host) === 6 ? `[${target.host}]` : target.host}:${target.port}`;
  const authorization = basicAuthorization(proxy);
  const request = proxy.protocol === "https:" ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const connecting = request({
      ...tls,
      agent: false,
      host: proxy.hostname.replace(/^\[(.*)\]$/, "$1"),
      port: proxy.port || (proxy.protocol === "https:" ? 443 : 80),
      method: "CONNECT",
      path: authority,
      headers: { Host: authority, ...(authorization !== undefined && { "Proxy-Authorization": authorization }) },
      timeout: timeoutMs,
    });
    connecting.once("timeout", () => connecting.destroy(new ProxyError(proxy, "does not answer")));
    connecting.once("error", (error) => {
      reject(error instanceof ProxyError ? error : new ProxyError(proxy, "cannot be reached", { cause: error }));
    });
    connecting.once("connect", ({ statusCode: status }, socket) => {
      if (status === 200) {
        socket.setTimeout(0);
        socket.setKeepAlive(true, 1_000);
        resolve(socket as Socket);
        return;
      }
      socket.destroy();
      reject(new ProxyError(proxy, `refuses to connect to ${authority} (status ${status})`, { status }));
    });
    connecting.end();
  });
}
