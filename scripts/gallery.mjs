// Takes the pictures of docs/gallery from the demo shop, in the built console.
// Run after npm run build: node --import tsx scripts/gallery.mjs
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { readConfig } from "../src/config.ts";
import { startShop } from "../src/demo/start-shop.ts";
import { up } from "../src/up.ts";

const folder = fileURLToPath(new URL("../docs/gallery/", import.meta.url));
const trafficMs = 40_000;
const mostBytes = 2_000_000;

const running = await up(readConfig({ flags: { port: "0", ephemeral: "true" }, environment: {} }).config);
const { http, udp } = running.addresses;
const shop = await startShop({ daemonAddress: udp, rate: 12 });
await new Promise((resolve) => setTimeout(resolve, trafficMs));
await ask("/CreateSamplingRule", { SamplingRule: aRule("health checks", "/health*") });
await ask("/CreateGroup", { GroupName: "checkout", FilterExpression: 'service("checkout")' });
const [failing, fine] = await Promise.all([
  aTrace('http.url CONTAINS "/checkout" AND fault'),
  aTrace('http.url CONTAINS "/checkout" AND ok'),
]);

const sets = "by=sets&filter-a=ok&time-a=15m&filter-b=fault&time-b=15m";
const pictures = [
  ["map", "/map?range=15m"],
  ["traces", "/traces?range=15m"],
  ["trace", `/trace/${failing}`],
  ["compare-traces", `/compare?a=${fine}&b=${failing}`],
  ["compare-sets", `/compare?${sets}`],
  ["services", "/services?range=15m"],
  ["sampling", "/settings/sampling"],
  ["storage", "/settings/storage"],
];
const looks = [
  ["light", { width: 1_280, height: 800, colorScheme: "light" }],
  ["dark", { width: 1_280, height: 800, colorScheme: "dark" }],
];
const alsoNarrow = ["map", "traces", "trace", "compare-traces", "services"];

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--headless", "--no-sandbox"] });
for (const [look, options] of looks) await take(pictures, look, options);
const narrow = pictures.filter(([name]) => alsoNarrow.includes(name));
await take(narrow, "narrow", { width: 375, height: 812, colorScheme: "light" });
await browser.close();
await shop.close();
await running.close();

const names = readdirSync(folder);
const bytes = names.reduce((sum, name) => sum + statSync(folder + name).size, 0);
writeFileSync(`${folder}README.md`, pageOf(names));
console.log(`${names.length} pictures, ${(bytes / 1e6).toFixed(2)} MB`);
if (bytes > mostBytes) {
  console.error(`That is more than ${mostBytes / 1e6} MB: take fewer or smaller ones.`);
  process.exitCode = 1;
}

async function take(wanted, look, { width, height, colorScheme }) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme, reducedMotion: "reduce" });
  const page = await context.newPage();
  for (const [name, path] of wanted) {
    await page.goto(http + path);
    await page.waitForFunction(
      () => document.querySelector("main")?.textContent !== "" && !document.querySelector("main .skeleton"),
    );
    await page.waitForTimeout(1_200);
    writeFileSync(`${folder}${name}-${look}.png`, await page.screenshot({ animations: "disabled" }));
  }
  await context.close();
}

function pageOf(files) {
  const rows = pictures.map(([name]) => {
    const shown = files.filter((file) => file.startsWith(`${name}-`) && /-(light|dark|narrow)\.png$/.test(file));
    const own = shown.filter((file) => /^(light|dark|narrow)\.png$/.test(file.slice(name.length + 1)));
    return `## ${name}\n\n${own.map((file) => `![${file.slice(0, -4)}](${file})`).join("\n")}\n`;
  });
  return `# Gallery\n\nThe console with the demo shop behind it. Made by \`scripts/gallery.mjs\`.\n\n${rows.join("\n")}`;
}

async function aTrace(filter) {
  const now = Date.now() / 1000;
  const { TraceSummaries } = await ask("/TraceSummaries", {
    StartTime: now - 900,
    EndTime: now,
    FilterExpression: filter,
  });
  if (TraceSummaries.length === 0) throw new Error(`The shop has made no trace of ${filter}: let it run longer.`);
  return TraceSummaries[0].Id;
}

function aRule(name, path) {
  const any = { ServiceName: "*", ServiceType: "*", Host: "*", HTTPMethod: "*", ResourceARN: "*" };
  return { ...any, RuleName: name, URLPath: path, Priority: 10, FixedRate: 0, ReservoirSize: 0, Version: 1 };
}

async function ask(path, body) {
  const answer = await fetch(http + path, { method: "POST", body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
  return answer.json();
}
