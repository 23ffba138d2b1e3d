import type { HttpAnswer, HttpClient } from "./http-client.ts";

interface SdkRequest {
  readonly method: string;
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number | undefined;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | readonly string[] | null>> | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

interface SdkResponse {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}

/** What AWS's libraries call an HTTP handler. */
export interface SdkRequestHandler {
  readonly metadata: { readonly handlerProtocol: string };
  handle(request: SdkRequest): Promise<{ response: SdkResponse }>;
  updateHttpClientConfig(): void;
  httpHandlerConfigs(): object;
}

/** Lets AWS's libraries use our HTTP client: what holds for proxies, certificates and timeouts then holds for them too. */
export function sdkRequestHandler(http: HttpClient): SdkRequestHandler {
  return {
    metadata: { handlerProtocol: "http/1.1" },
    async handle({ method, protocol, hostname, port, path, query, headers, body }) {
      const url = new URL(`${protocol}//${hostname}${port === undefined ? "" : `:${port}`}${path}${search(query)}`);
      // The client writes these itself.
      const { host: _host, "content-length": _length, ...others } = headers;
      return { response: sdkResponse(await http.request(url, { method, headers: others, body: bytesOf(body) })) };
    },
    updateHttpClientConfig() {},
    httpHandlerConfigs: () => ({}),
  };
}

function sdkResponse({ status, headers, body }: HttpAnswer): SdkResponse {
  const flat = Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]);
  return { statusCode: status, headers: Object.fromEntries(flat), body };
}

function bytesOf(body: unknown): Uint8Array | undefined {
  if (body instanceof Uint8Array) return body;
  return typeof body === "string" ? Buffer.from(body) : undefined;
}

function search(query: SdkRequest["query"]): string {
  const pairs = Object.entries(query ?? {}).flatMap(([name, value]) =>
    (typeof value === "object" && value !== null ? value : [value ?? ""]).map(
      (each) => `${encodeURIComponent(name)}=${encodeURIComponent(each)}`,
    ),
  );
  return pairs.length === 0 ? "" : `?${pairs.join("&")}`;
}
