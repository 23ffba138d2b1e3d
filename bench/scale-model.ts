/**
 * What does it take to keep so many segments a second? The tables of docs/scale.md are made here from what was measured,
 * and a test holds the page to them: a new figure is put in here, and the page is written anew.
 * `npx tsx bench/scale-model.ts [--write]`
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** What a segment of 1.1 KB costs, each with the command that says so. */
export const measured = {
  documentBytes: 1_100,
  /** One machine of two cores, files on its disk: `udp-ingest.ts 15000 60`. */
  embedded: { cpuUs: 60, diskBytes: 416, perSecond: 15_000 },
  /** Nodes before ClickHouse, where all documents of a trace come to one of them: `nodes.ts 1`. */
  gathered: { nodeUs: 121, clickHouseUs: 60 },
  /** The same where they come to any of them: `nodes.ts 2`. */
  scattered: { nodeUs: 324, clickHouseUs: 94 },
  /** Documents, digests and all, merged: `nodes.ts`. */
  clickHouseBytes: 227,
  /** Before anything is kept, where tail sampling decides: `tail-sampling.ts`, 1 % kept. */
  tailUs: 67,
};

/** What is chosen, not measured. */
export const chosen = {
  /** Share of a core that is planned to be busy: a burst of twice the mean still fits. */
  busyShare: 0.5,
  coresPerNode: 2,
  replicas: 2,
  retentionDays: 7,
  /** Of a cloud, in dollars; put in your own. */
  coreHourPrice: 0.04,
  gigabyteMonthPrice: 0.08,
};

export interface Plan {
  readonly nodes: number;
  /** Of all replicas together. */
  readonly clickHouseCores: number;
  readonly diskBytes: number;
  /** Into the nodes; the same goes on to ClickHouse, compressed, for what is kept. */
  readonly megabitsPerSecond: number;
  readonly monthlyPrice: number;
}

/** What it takes for so many segments a second, of whose traces a share is kept. */
export function plan(perSecond: number, keptShare: number): Plan {
  const { documentBytes, scattered, gathered, clickHouseBytes, tailUs } = measured;
  const { busyShare, coresPerNode, replicas, retentionDays, coreHourPrice, gigabyteMonthPrice } = chosen;
  // Tail sampling hands over whole traces.
  const { nodeUs, clickHouseUs } = keptShare === 1 ? scattered : gathered;
  const kept = perSecond * keptShare;
  const nodeCores = (perSecond * (keptShare === 1 ? 0 : tailUs) + kept * nodeUs) / 1e6 / busyShare;
  // One may be away.
  const nodes = Math.ceil(nodeCores / coresPerNode) + 1;
  const clickHouseCores = Math.max(replicas, Math.ceil((kept * clickHouseUs * replicas) / 1e6 / busyShare));
  const diskBytes = kept * 86_400 * retentionDays * clickHouseBytes * replicas;
  return {
    nodes,
    clickHouseCores,
    diskBytes,
    megabitsPerSecond: (perSecond * documentBytes * 8) / 1e6,
    monthlyPrice:
      (nodes * coresPerNode + clickHouseCores) * 730 * coreHourPrice + (diskBytes / 1e9) * gigabyteMonthPrice,
  };
}

const rates = [1_000, 10_000, 100_000, 1_000_000];
const queueBytes = 64e6;

/** Tables of the page by the name that stands in the comment before each. */
export function tables(): Record<string, string> {
  return {
    everything: planTable(1),
    "one-in-twenty": planTable(0.05),
    queue: table(
      ["segments a second to a node", "64 MB last for"],
      [500, 2_000, 5_000, 15_000].map((rate) => [
        number(rate),
        `${number(queueBytes / (rate * measured.documentBytes))} s`,
      ]),
    ),
    costs: table(
      ["", "CPU of nodes", "CPU of ClickHouse", "bytes on disk"],
      [
        ["one machine, files on its disk", `${measured.embedded.cpuUs} µs`, "–", number(measured.embedded.diskBytes)],
        ["nodes, a trace comes to one of them", ...pair(measured.gathered), number(measured.clickHouseBytes)],
        ["nodes, a trace comes to all of them", ...pair(measured.scattered), number(measured.clickHouseBytes)],
        ["tail sampling, before anything is kept", `${measured.tailUs} µs`, "–", "–"],
      ],
    ),
  };
}

function planTable(keptShare: number): string {
  const rows = rates.map((rate) => {
    const { nodes, clickHouseCores, diskBytes, megabitsPerSecond, monthlyPrice } = plan(rate, keptShare);
    return [
      number(rate),
      number(nodes),
      number(clickHouseCores),
      diskText(diskBytes),
      `${number(megabitsPerSecond)} Mbit/s`,
      `$${number(monthlyPrice)}`,
    ];
  });
  return table(["segments a second", "nodes", "cores of ClickHouse", "disk", "network in", "a month"], rows);
}

function pair({ nodeUs, clickHouseUs }: typeof measured.gathered): [string, string] {
  return [`${nodeUs} µs`, `${clickHouseUs} µs`];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |\n`;
  return [head, head.map((_, at) => (at === 0 ? "---" : "--:")), ...rows].map(line).join("");
}

/** Two digits are more than a plan is good for. */
function number(value: number): string {
  const digits = Math.max(0, Math.floor(Math.log10(Math.max(value, 1))) - 1);
  return value < 1_000
    ? String(Math.round(value))
    : (Math.round(value / 10 ** digits) * 10 ** digits).toLocaleString("en");
}

const diskText = (bytes: number): string =>
  bytes < 1e12 ? `${number(bytes / 1e9)} GB` : `${(bytes / 1e12).toFixed(bytes < 1e13 ? 1 : 0)} TB`;

/** The page with its tables as they are now. */
export function withTables(page: string): string {
  return Object.entries(tables()).reduce((text, [name, rows]) => {
    const begin = `<!-- ${name}: made by bench/scale-model.ts -->\n`;
    const [before, after] = text.split(begin);
    if (after === undefined) throw new Error(`docs/scale.md has lost its line ${begin}`);
    return `${before}${begin}${rows}${after.slice(after.indexOf("<!-- end -->"))}`;
  }, page);
}

export const pagePath: string = fileURLToPath(new URL("../docs/scale.md", import.meta.url));
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv.includes("--write")) writeFileSync(pagePath, withTables(readFileSync(pagePath, "utf8")));
  else for (const [name, rows] of Object.entries(tables())) console.log(`${name}\n${rows}`);
}
