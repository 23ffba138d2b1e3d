import type { Browser } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { spanTree } from "../../src/analysis/span-tree.ts";
import { writeHtml } from "../../src/analysis/write-html.ts";
import { assembleTrace } from "../../src/trace/assemble-trace.ts";
import type { Running } from "../../src/up.ts";
import { newTraceId } from "../../src/xray/trace-id.ts";
import { noBrowserReason, openChromium, openPage, startServer } from "../e2e/console-browser.ts";
import { parsed } from "../fixtures/builders.ts";

const reason = noBrowserReason();
let browser: Browser;
let server: Running;
beforeAll(async () => {
  if (reason !== undefined) return;
  browser = await openChromium();
  server = await startServer();
});
afterAll(async () => {
  await server?.close();
  await browser?.close();
});
beforeEach(({ skip }) => {
  if (reason !== undefined) skip(reason);
});

/** What runs, asks, or closes something, wherever a page takes text for markup, for an address, or for script. */
const markup = [
  `"><img src="http://evil.example/a" onerror="alert(1)"><script>alert(2)</script>`,
  `'--></style></textarea></title><svg onload=alert(3)><iframe srcdoc="<script>alert(4)</script>">`,
  `javascript:alert(5)//\u202e\u0000\ud800`,
].join(" ");
const address = "javascript:alert(document.domain)";

function aHostileTrace(): { id: string; documents: string[] } {
  const id = newTraceId(Date.now());
  const now = Date.now() / 1_000 - 1;
  const exception = {
    id: "00000000000000e1",
    type: markup,
    message: markup,
    stack: [{ path: address, line: 1, label: markup }],
  };
  const call = {
    ...{
      id: "00000000000000a2",
      name: markup,
      namespace: "remote",
      start_time: now + 0.1,
      end_time: now + 0.5,
      fault: true,
    },
    http: { request: { method: markup, url: address }, response: { status: 500 } },
    sql: { sanitized_query: `SELECT '${markup}'`, url: address, user: markup },
  };
  const document = {
    ...{ trace_id: id, id: "00000000000000a1", name: markup, start_time: now, end_time: now + 0.9, fault: true },
    http: {
      request: { method: "GET", url: address, user_agent: markup, client_ip: markup },
      response: { status: 500 },
    },
    ...{ user: markup, origin: markup, resource_arn: address, service: { version: markup }, subsegments: [call] },
    annotations: { plain: markup, [markup]: markup },
    metadata: { [markup]: { [markup]: markup, link: address } },
    aws: { account_id: markup, operation: markup, xray: { sdk: markup } },
    cause: { working_directory: markup, exceptions: [exception] },
  };
  return { id, documents: [JSON.stringify(document), JSON.stringify({ trace_id: id, name: markup })] };
}

it("shows whatever a trace says as text, on every page: nothing runs, and nobody else is asked", async () => {
  const { id, documents } = aHostileTrace();
  const body = JSON.stringify({ TraceSegmentDocuments: documents });
  const put = await fetch(`${server.addresses.http}/TraceSegments`, { method: "POST", body });
  expect(put.status).toBe(200);
  const { page, troubles } = await openPage(browser, server.addresses.http, { reducedMotion: "reduce" });
  const dialogs: string[] = [];
  page.on("dialog", (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  const filter = encodeURIComponent(`user = ${JSON.stringify(markup.replace("\ud800", ""))}`);
  const text = encodeURIComponent(markup.replace("\ud800", ""));
  const pages = [
    ...[
      "/map",
      "/traces",
      `/trace/${id}`,
      `/trace/${id}?view=flame`,
      `/trace/${id}?view=table`,
      "/services",
      "/insights",
    ],
    ...[`/compare?a=${id}&b=${id}`, "/settings", "/settings/problems", "/settings/groups", `/traces?filter=${filter}`],
    ...[`/trace/${text}`, `/compare?a=${text}&b=${text}`, `/map?focus=${text}&group=${text}`, `/nowhere/${text}`],
  ];
  for (const path of pages) {
    await page.goto(server.addresses.http + path);
    await page.waitForLoadState("networkidle").catch(() => undefined);
    const found = await page.evaluate(() => ({
      markup: document.querySelectorAll("iframe, img[onerror], svg[onload], script:not([src])").length,
      addresses: [...document.querySelectorAll("a[href], area[href]")]
        .map((link) => link.getAttribute("href") ?? "")
        .filter((href) => /^\s*(?:javascript|data|vbscript):/i.test(href)),
    }));
    expect([path, found]).toEqual([path, { markup: 0, addresses: [] }]);
  }
  expect(dialogs).toEqual([]);
  // What is not there is said in the browser's own log, too.
  expect(troubles.filter((trouble) => !/status of 4\d\d/.test(trouble))).toEqual([]);
  await page.context().close();
});

it("writes pages in which nothing runs either", async () => {
  const { id, documents } = aHostileTrace();
  const html = writeHtml(spanTree(assembleTrace(id, parsed(documents[0]!))), { traceId: id });
  const { page, troubles } = await openPage(browser, server.addresses.http);
  const dialogs: string[] = [];
  page.on("dialog", (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  await page.setContent(html, { waitUntil: "networkidle" });
  expect(await page.locator("script, img, iframe, svg, a").count()).toBe(0);
  expect(await page.locator("h1").textContent()).toContain(address);
  expect([dialogs, troubles]).toEqual([[], []]);
  await page.context().close();
});
