import type { HttpClient } from "../forward/http-client.ts";
import { formatAddress, type ListenAddress } from "./listen-address.ts";

/** What a running daemon says of itself. */
export interface HealthAnswer {
  readonly isHealthy: boolean;
  /** For a person: the answer, or why there is none. */
  readonly text: string;
}

const timeoutMs = 3_000;

/** Asks the daemon that listens at a TCP address how it is. Never rejects: no answer is an answer too. */
export async function checkHealth({ host, port }: ListenAddress, http: HttpClient): Promise<HealthAnswer> {
  // Who listens everywhere is asked where nobody else can answer.
  const at = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
  const url = `http://${formatAddress({ host: at, port })}/healthz`;
  try {
    const { status, body } = await http.request(new URL(url), { method: "GET", timeoutMs });
    return { isHealthy: status === 200, text: body.toString("utf8").trim() || `${url} answers with status ${status}` };
  } catch (error) {
    return { isHealthy: false, text: error instanceof Error ? error.message : String(error) };
  }
}
