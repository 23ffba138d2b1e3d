import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  CreateSamplingRuleCommand,
  GetSamplingStatisticSummariesCommand,
  GetTimeSeriesServiceStatisticsCommand,
  UpdateSamplingRuleCommand,
  type XRayClient,
} from "@aws-sdk/client-xray";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { aSamplingRule } from "./an-account.ts";
import { preparePython } from "./python-environment.ts";
import { xrayClient } from "./read-traces.ts";
import { type RunningUp, run, startUp, stop } from "./running-up.ts";

/**
 * Samplers as they come, each in a program of its own that has thirty requests a second, share the reservoir of one rule. They
 * run at the same time, because each has its first target after ten seconds.
 */
const client = (name: string): string => fileURLToPath(new URL(`clients/${name}`, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "fluoroscope-samplers-"));

interface Program {
  readonly command: string;
  readonly args: readonly string[];
}

/** By service: how to run it, or why it cannot be run here. */
const programs: Readonly<Record<string, () => Promise<Program | { readonly reason: string }>>> = {
  "sampled-node": async () => ({ command: process.execPath, args: [client("sample-node-sdk.cjs")] }),
  "sampled-python": async () => {
    const environment = await preparePython();
    if ("reason" in environment) return environment;
    return { command: environment.python, args: [client("sample_python_sdk.py")] };
  },
  "sampled-opentelemetry": async () => {
    try {
      createRequire(client("sample-opentelemetry.cjs")).resolve("@opentelemetry/sampler-aws-xray");
    } catch {
      return { reason: "@opentelemetry/sampler-aws-xray is not installed." };
    }
    return { command: process.execPath, args: [client("sample-opentelemetry.cjs")] };
  },
  "sampled-go": async () => {
    const program = join(folder, "sample-go-sdk");
    const build = `cd "$0" && CGO_ENABLED=0 go build -o "$1" . 2>&1`;
    const { code } = await run("bash", ["-c", build, client("sample-go-sdk"), program]);
    return code === 0 ? { command: program, args: [] } : { reason: "There is no Go here, or none of its modules." };
  },
  "sampled-java": async () => {
    const source = client("sample-java-sdk");
    const list = join(folder, "class-path");
    const goals = [
      "-q",
      "-B",
      "-f",
      join(source, "pom.xml"),
      "dependency:build-classpath",
      `-Dmdep.outputFile=${list}`,
    ];
    const { code } = await run("bash", ["-c", 'java --version && mvn "$@"', "bash", ...goals]);
    if (code !== 0) return { reason: "There is no Java with Maven here, or none of its libraries." };
    return { command: "java", args: ["-cp", readFileSync(list, "utf8"), join(source, "SampleJavaSdk.java")] };
  },
};

let up: RunningUp;
let xray: XRayClient;
const reasons = new Map<string, string>();
const running = new Map<string, ChildProcess>();

const aQuotaEach = 3;
const rule = { ...aSamplingRule("shared"), FixedRate: 0, ServiceName: "sampled-*" };

beforeAll(async () => {
  up = await startUp();
  xray = xrayClient(up.http);
  const found = await Promise.all(
    Object.entries(programs).map(async ([service, find]) => [service, await find()] as const),
  );
  for (const [service, program] of found) if ("reason" in program) reasons.set(service, program.reason);
  const ReservoirSize = aQuotaEach * (found.length - reasons.size);
  await xray.send(new CreateSamplingRuleCommand({ SamplingRule: { ...rule, ReservoirSize } }));
  const AWS_XRAY_DAEMON_ADDRESS = `udp:${up.udp} tcp:${new URL(up.http).host}`;
  for (const [service, program] of found) {
    if ("reason" in program) continue;
    const environment = {
      ...process.env,
      AWS_XRAY_DAEMON_ADDRESS,
      NODE_NO_WARNINGS: "1",
      AWS_XRAY_LOG_LEVEL: "silent",
    };
    running.set(
      service,
      spawn(program.command, [...program.args, service], { env: environment, stdio: ["ignore", "ignore", "inherit"] }),
    );
  }
}, 240_000);
afterAll(async () => {
  await Promise.all([...running.values()].map(stop));
  xray?.destroy();
  await up?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Documents a second of each service, over the last five seconds that are surely stored. */
async function rates(): Promise<Readonly<Record<string, number>>> {
  const seconds = 5;
  const end = Math.floor(Date.now() / 1000) - 2;
  const counted = [...running.keys()].map(async (service) => {
    const { TimeSeriesServiceStatistics = [] } = await xray.send(
      new GetTimeSeriesServiceStatisticsCommand({
        StartTime: new Date((end - seconds) * 1000),
        EndTime: new Date(end * 1000),
        EntitySelectorExpression: `service("${service}")`,
        Period: 1,
      }),
    );
    const total = TimeSeriesServiceStatistics.reduce(
      (sum, { ServiceSummaryStatistics: statistics }) => sum + (statistics?.TotalCount ?? 0),
      0,
    );
    return [service, total / seconds] as const;
  });
  return Object.fromEntries(await Promise.all(counted));
}

/** Waits until all together sample what the reservoir holds, and each of them more than so much. */
function converged(reservoir: number, each = 0): Promise<Readonly<Record<string, number>>> {
  return vi.waitFor(
    async () => {
      const found = await rates();
      const total = Object.values(found).reduce((sum, rate) => sum + rate, 0);
      const isShared = Object.values(found).every((rate) => rate > each);
      if (!isShared || Math.abs(total - reservoir) > reservoir * 0.1)
        throw new Error(`not ${reservoir}: ${JSON.stringify(found)}`);
      return found;
    },
    { timeout: 90_000, interval: 500 },
  );
}

describe("samplers that share a reservoir", () => {
  it.for(Object.keys(programs))("%s runs", (service, { skip }) => {
    const reason = reasons.get(service);
    // .ci/run has everything installed.
    if (reason !== undefined && !process.env.CI) skip(reason);
    expect(running.get(service)?.exitCode).toBeNull();
  });

  it("sample together what it holds, each more than the one a second that it may borrow", async () => {
    expect(Object.keys(await converged(aQuotaEach * running.size, 1.5))).toHaveLength(running.size);
  });

  it("follow when it is made smaller", async () => {
    await xray.send(
      new UpdateSamplingRuleCommand({ SamplingRuleUpdate: { RuleName: rule.RuleName, ReservoirSize: running.size } }),
    );
    const found = await converged(running.size);
    for (const [service, rate] of Object.entries(found)) expect(rate, service).toBeLessThan(2.5);
  });

  it("report what they did, which is told by rule and ten seconds", async () => {
    const { SamplingStatisticSummaries = [] } = await xray.send(new GetSamplingStatisticSummariesCommand({}));
    const shared = SamplingStatisticSummaries.filter(({ RuleName }) => RuleName === rule.RuleName);
    const sum = (member: "RequestCount" | "SampledCount" | "BorrowCount"): number =>
      shared.reduce((total, summary) => total + (summary[member] ?? 0), 0);
    expect(sum("RequestCount")).toBeGreaterThan(100 * running.size);
    expect(sum("SampledCount")).toBeLessThan(sum("RequestCount") / 2);
    expect(sum("BorrowCount")).toBeGreaterThan(0);
  });
});
