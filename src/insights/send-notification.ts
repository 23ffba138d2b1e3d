import { randomUUID } from "node:crypto";
import type { Log } from "../log.ts";

export interface Notification {
  readonly account: string;
  readonly region: string;
  readonly atSeconds: number;
  /** What it is about: ARNs, or names. */
  readonly resources: readonly string[];
  /** AWS's event of an insight unless something else is said. */
  readonly type?: string;
  readonly source?: string;
  /** An insight in AWS's spelling. */
  readonly detail: object;
}

const attempts = 3;
const patienceMs = 5_000;

/**
 * Posts an event to a webhook in the form in which AWS puts it on EventBridge. Tried three times; a webhook that does not
 * answer is worth a line and holds nothing up.
 */
export async function sendNotification(url: string, notification: Notification, log: Log): Promise<void> {
  const { account, region, atSeconds, resources, detail } = notification;
  const { type = "AWS X-Ray Insight Update", source = "aws.xray" } = notification;
  const body = JSON.stringify({
    version: "0",
    id: randomUUID(),
    "detail-type": type,
    source,
    account,
    time: new Date(atSeconds * 1000).toISOString(),
    region,
    resources,
    detail,
  });
  for (let attempt = 1; ; attempt += 1) {
    const failure = await post(url, body);
    if (failure === undefined) return;
    if (attempt === attempts) {
      log.warn({ error: failure, host: new URL(url).host }, "a notification was not taken");
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 500 * 2 ** attempt).unref());
  }
}

async function post(url: string, body: string): Promise<string | undefined> {
  try {
    const headers = { "content-type": "application/json" };
    const answer = await fetch(url, { method: "POST", headers, body, signal: AbortSignal.timeout(patienceMs) });
    await answer.arrayBuffer();
    return answer.ok ? undefined : `HTTP ${answer.status}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
