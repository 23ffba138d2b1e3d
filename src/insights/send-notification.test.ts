import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import { silentLog } from "../log.ts";
import { sendNotification } from "./send-notification.ts";

const notification = {
  account: "123456789012",
  region: "eu-west-1",
  atSeconds: 1_700_000_000,
  resources: ["arn:aws:xray:eu-west-1:123456789012:group/slow/ABC"],
  detail: { State: "ACTIVE" },
};

/** A webhook that answers with these statuses, one after another, and keeps what it was sent. */
async function aWebhook(...statuses: number[]): Promise<{ url: string; bodies: unknown[]; close(): void }> {
  const bodies: unknown[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    bodies.push(JSON.parse(Buffer.concat(chunks).toString()));
    response.writeHead(statuses.shift() ?? 200).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/hook?token=secret`, bodies, close: () => server.close() };
}

it("an event is posted in EventBridge's form, again when the webhook stumbles", async () => {
  const webhook = await aWebhook(500);
  await sendNotification(webhook.url, notification, silentLog);
  expect(webhook.bodies).toHaveLength(2);
  expect(webhook.bodies[1]).toMatchObject({
    "detail-type": "AWS X-Ray Insight Update",
    source: "aws.xray",
    account: "123456789012",
    time: "2023-11-14T22:13:20.000Z",
    resources: notification.resources,
    detail: { State: "ACTIVE" },
  });
  webhook.close();
});

it("a webhook that takes nothing is said once, without its secrets", async () => {
  const webhook = await aWebhook(500, 500, 500);
  const warnings: unknown[] = [];
  await sendNotification(webhook.url, notification, { ...silentLog, warn: (fields) => warnings.push(fields) });
  expect(webhook.bodies).toHaveLength(3);
  expect(warnings).toEqual([{ error: "HTTP 500", host: expect.stringMatching(/^127\.0\.0\.1:\d+$/) }]);
  webhook.close();
});
