import { PutTraceSegmentsCommand, XRayClient } from "@aws-sdk/client-xray";
import { readConfig } from "../../src/config.ts";
import type { Log } from "../../src/log.ts";
import { type Running, up } from "../../src/up.ts";
import { apiFixtures, fixtureDocuments } from "../fixtures/api-fixtures.ts";

/** A fluoroscope in this process on free ports, keeping nothing, and AWS's own client for it. */
export interface AServer extends Running {
  readonly client: XRayClient;
  /** Posts without any client's help. */
  post(path: string, body?: BodyInit | object, headers?: Record<string, string>): Promise<Answer>;
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

/** Retention reaches back to the fixtures' year. */
const flags = { port: "0", ephemeral: "true", retention: "36500d" };

export async function aServer(more: Record<string, string> = {}, log?: Log): Promise<AServer> {
  const environment = { HOME: "/nonexistent" };
  const running = await up(readConfig({ flags: { ...flags, ...more }, environment }).config, log ? { log } : {});
  const endpoint = running.addresses.http;
  const credentials = { accessKeyId: "none", secretAccessKey: "none" };
  const client = new XRayClient({ endpoint, region: "eu-west-1", credentials, maxAttempts: 1 });
  return {
    ...running,
    client,
    async post(path, body, headers = {}) {
      const isRaw = body === undefined || typeof body === "string" || body instanceof Uint8Array;
      const payload = isRaw ? (body as BodyInit | undefined) : JSON.stringify(body);
      const answer = await fetch(endpoint + path, {
        method: "POST",
        headers,
        ...(payload !== undefined && { body: payload }),
      });
      return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Answer["body"] };
    },
    async close() {
      client.destroy();
      await running.close();
    },
  };
}

/** The eight traces of the fixtures, sent by AWS's client. */
export async function putFixtures(server: AServer): Promise<void> {
  const documents = apiFixtures.traces.flatMap(({ n }) => fixtureDocuments(n));
  const answer = await server.client.send(new PutTraceSegmentsCommand({ TraceSegmentDocuments: documents }));
  if (answer.UnprocessedTraceSegments?.length !== 0) throw new Error(JSON.stringify(answer));
}
