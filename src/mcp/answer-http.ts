import { WebStandardStreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js";
import { type Exchange, serverBehind } from "../ask/ask-server.ts";
import { createMcpServer } from "./mcp-server.ts";

/** One request of an agent over HTTP. Who may send it has been looked at by then. */
export interface McpRequest {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** As JSON read it. */
  readonly body: unknown;
  /** Base URL by which the agent, and so its person, reaches this server. */
  readonly endpoint: string;
  /** Asks this server itself, with the agent's own rights. */
  readonly ask: Exchange;
  readonly version: string;
}

export interface McpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Of the transport's headers those that say something about the message. */
const handedOn = ["accept", "mcp-protocol-version", "mcp-session-id", "last-event-id"];

/** Answers one message. Nothing is kept between two of them, so no session can be lost, stolen or forgotten. */
export async function answerHttp({ headers, body, endpoint, ask, version }: McpRequest): Promise<McpAnswer> {
  const server = createMcpServer({ server: serverBehind(endpoint, ask), version });
  // Without a generator of session ids there are no sessions.
  const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true });
  await server.connect(transport);
  try {
    const given = new Headers({ "content-type": "application/json" });
    for (const name of handedOn) if (headers[name] !== undefined) given.set(name, String(headers[name]));
    const request = new Request(new URL("/mcp", endpoint), { method: "POST", headers: given });
    const response = await transport.handleRequest(request, { parsedBody: body });
    return { status: response.status, headers: Object.fromEntries(response.headers), body: await response.text() };
  } finally {
    await server.close();
  }
}
