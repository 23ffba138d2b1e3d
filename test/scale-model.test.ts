import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { chosen, measured, pagePath, plan, withTables } from "../bench/scale-model.ts";

const page = readFileSync(pagePath, "utf8");
const figures = readFileSync(new URL("../bench/README.md", import.meta.url), "utf8");

it("the tables of docs/scale.md are those of the model", () => {
  expect(withTables(page)).toBe(page);
});

it("the model's figures are those of bench/README.md", () => {
  const row = (question: string): string => {
    const found = figures.split("\n").find((line) => line.includes(question));
    if (found === undefined) throw new Error(`bench/README.md has no row about ${question}`);
    return found;
  };
  const { embedded, gathered, scattered, clickHouseBytes, tailUs } = measured;
  expect(figures).toContain(`| the same: CPU a segment in all | | ${embedded.cpuUs} µs |`);
  expect(figures).toContain(`| the same: disk a segment | | ${embedded.diskBytes} B |`);
  expect(row("one node before ClickHouse")).toContain(`${gathered.nodeUs} µs; ${gathered.clickHouseUs} µs`);
  expect(row("two nodes, every trace split")).toContain(`${scattered.nodeUs} µs; ${scattered.clickHouseUs} µs`);
  expect(row("tail sampling, 1 % kept")).toContain(`| ${tailUs} µs |`);
  expect(row("bytes a segment in ClickHouse")).toContain(`${clickHouseBytes} B`);
});

it("twice the load takes twice of everything, but for the node that may be away", () => {
  const [one, two] = [plan(200_000, 1), plan(400_000, 1)];
  expect(two.diskBytes).toBeCloseTo(2 * one.diskBytes);
  expect(two.clickHouseCores).toBeCloseTo(2 * one.clickHouseCores, -1);
  expect((two.nodes - 1) / (one.nodes - 1)).toBeCloseTo(2, 1);
});

it("a plan leaves room: its cores are as busy as was chosen and no busier", () => {
  const rate = 50_000;
  const { nodes, clickHouseCores } = plan(rate, 1);
  const busy = (rate * measured.scattered.nodeUs) / 1e6 / ((nodes - 1) * chosen.coresPerNode);
  expect(busy).toBeLessThanOrEqual(chosen.busyShare);
  expect((rate * measured.scattered.clickHouseUs * chosen.replicas) / 1e6 / clickHouseCores).toBeLessThanOrEqual(
    chosen.busyShare,
  );
});

it("keeping one in twenty costs a small part of keeping everything", () => {
  expect(plan(100_000, 0.05).monthlyPrice).toBeLessThan(plan(100_000, 1).monthlyPrice / 5);
});
