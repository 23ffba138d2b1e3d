import { context } from "@opentelemetry/api";
import { lazyHttp } from "./lazy-builtins.ts";
import { suppress } from "./suppressed.ts";

const timeoutMs = 2_000;
const maxAnswerBytes = 4 * 1_024 * 1_024;

/** Where a daemon's TCP side listens. */
export interface DaemonEndpoint {
  readonly host: string;
  readonly port: number;
}

/**
 * Asks a daemon one question of X-Ray's API. Rejects when there is no answer within two seconds, or none that can be
 * read. Keeps no process alive, and is not traced.
 */
export function askDaemon({ host, port }: DaemonEndpoint, path: string, question: unknown): Promise<unknown> {
  const body = JSON.stringify(question);
  const headers = {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
    // Servers tell from its absence the SDK that reads times wrongly.
    "user-agent": "fluoroscope-sdk",
  };
  return context.with(suppress(context.active()), () => {
    return new Promise((resolve, reject) => {
      const asked = lazyHttp().request({ host, port, path, method: "POST", headers, agent: false }, (answer) => {
        const parts: Buffer[] = [];
        let size = 0;
        answer.on("data", (part: Buffer) => {
          size += part.length;
          if (size > maxAnswerBytes) asked.destroy(new Error(`${path} is answered with more than 4 MiB`));
          else parts.push(part);
        });
        answer.on("error", reject);
        answer.on("end", () => {
          if (answer.statusCode !== 200) reject(new Error(`${path} is answered with status ${answer.statusCode}`));
          else resolve(parseJson(Buffer.concat(parts).toString()));
        });
      });
      asked.setTimeout(timeoutMs, () => asked.destroy(new Error(`${path} is not answered within ${timeoutMs} ms`)));
      asked.on("socket", (socket) => socket.unref());
      asked.on("error", reject);
      asked.end(body);
    });
  });
}

/** What is no JSON is an answer that says nothing. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
