import { createSocket } from "node:dgram";
import { existsSync } from "node:fs";
import axe from "axe-core";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { consoleFolder } from "../../src/api/console-files.ts";
import type { Counters, Status } from "../../src/api/wire.ts";
import { readConfig } from "../../src/config.ts";
import { type Running, up } from "../../src/up.ts";
import { writeDatagram } from "../../src/xray/datagram.ts";

const executablePath = "/usr/bin/chromium";

/** Why the console cannot be tested here; `undefined` when it can. On CI that is a failure, not an excuse. */
export function noBrowserReason(): string | undefined {
  if (existsSync(executablePath)) return undefined;
  const reason = `there is no Chromium at ${executablePath}`;
  if (process.env.CI) throw new Error(`The console cannot be tested: ${reason}.`);
  return reason;
}

export function openChromium(): Promise<Browser> {
  const switches = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"];
  const quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync"];
  return chromium.launch({ executablePath, args: [...switches, ...quiet] });
}

/** A fluoroscope in this process that serves the built console. A port is given only to come back to the same one. */
export async function startServer(port = 0): Promise<Running> {
  if (!existsSync(`${consoleFolder}/index.html`)) throw new Error("The console is not built. Run: npm run build");
  const flags = { port: String(port), ephemeral: "true" };
  return up(readConfig({ flags, environment: { HOME: "/nonexistent" } }).config);
}

/** Sends documents as an SDK would, one datagram each, and waits until they have been written or refused. */
export async function sendDocuments(udp: string, documents: readonly (object | string)[]): Promise<void> {
  const [host, port] = udp.split(":");
  const socket = createSocket("udp4");
  const before = await countersOf(udp);
  for (const document of documents) {
    const bytes = writeDatagram(typeof document === "string" ? document : JSON.stringify(document));
    await new Promise<void>((resolve, reject) => {
      socket.send(bytes, Number(port), host, (error) => (error === null ? resolve() : reject(error)));
    });
  }
  socket.close();
  for (;;) {
    const { received, waiting } = await countersOf(udp);
    if (received >= before.received + documents.length && waiting === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** UDP and HTTP have the same number. */
async function countersOf(authority: string): Promise<Counters> {
  const status = (await (await fetch(`http://${authority}/api/status`)).json()) as Status;
  return status.counters;
}

/** A page that takes note of everything that must not happen in it. */
export interface WatchedPage {
  readonly page: Page;
  /** Console errors, unhandled rejections, and requests to anyone but the server. */
  readonly troubles: string[];
}

export async function openPage(
  browser: Browser,
  origin: string,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  const troubles: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") troubles.push(message.text());
  });
  page.on("pageerror", (error) => troubles.push(String(error)));
  page.on("request", (request) => {
    const { protocol, origin: asked } = new URL(request.url());
    if (protocol !== "data:" && protocol !== "blob:" && asked !== origin) troubles.push(`asked ${request.url()}`);
  });
  return { page, troubles };
}

/** What axe finds wrong with the page as it is now, one line each. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  // As a debugger would: the page's own policy forbids injected scripts.
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const page = window as unknown as { axe: { run(options: object): Promise<AxeResults> } };
    const { violations } = await page.axe.run({
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    });
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id} ${target}: ${failureSummary}`),
    );
  });
}

interface AxeResults {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly target: unknown; readonly failureSummary: string }[];
  }[];
}
