import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

interface RecordedExchange {
  readonly path: string;
  readonly request: string;
  readonly status: number;
  readonly response: string;
}

/** Stands between an SDK and fluoroscope's HTTP side, and remembers what they said to each other. */
export interface RecordingProxy {
  readonly address: string;
  readonly exchanges: readonly RecordedExchange[];
  close(): Promise<void>;
}

export async function startRecordingProxy(target: string): Promise<RecordingProxy> {
  const exchanges: RecordedExchange[] = [];
  const server = createServer(async (incoming, outgoing) => {
    const path = incoming.url ?? "/";
    const request = await readText(incoming);
    const headers = { "Content-Type": incoming.headers["content-type"] ?? "application/json" };
    const answer = await fetch(new URL(path, target), { method: "POST", headers, body: request });
    const response = await answer.text();
    exchanges.push({ path, request, status: answer.status, response });
    outgoing.writeHead(answer.status, { "Content-Type": answer.headers.get("content-type") ?? "" }).end(response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    exchanges,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function readText(stream: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
