import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type ClickHouseServer, startClickHouse } from "../clickhouse/clickhouse-server.ts";
import { type Account, anAccount } from "./an-account.ts";
import { apiCases } from "./api-cases.ts";
import { type PythonEnvironment, preparePython } from "./python-environment.ts";
import { runScript } from "./run-script.ts";

/** All operations through boto3, by botocore's own model of X-Ray: see api-cases.json and clients/walk_model.py. */
const names = Object.keys(apiCases.operations);

interface Report {
  /** What is not as the model or the table has it, by operation. */
  readonly findings: Readonly<Record<string, readonly string[]>>;
  /** Requests, by operation. */
  readonly counts: Readonly<Record<string, number>>;
  /** Operations that only one of model and table has. */
  readonly unknown: readonly string[];
  /** Members that were in no answer. */
  readonly unseen: readonly string[];
}

const settings = [
  { about: "as it comes", flags: [], strict: false, isShared: false },
  { about: "with AWS's limits", flags: ["--strict-limits"], strict: true, isShared: false },
  { about: "over ClickHouse", flags: [], strict: false, isShared: true },
];

let environment: PythonEnvironment;
let clickhouse: ClickHouseServer | { readonly reason: string };
let accounts: readonly (Account | undefined)[] = [];
/** None where there is no ClickHouse. */
let reports: readonly (Report | undefined)[];

beforeAll(async () => {
  environment = await preparePython();
  if (!("python" in environment)) return;
  const { python } = environment;
  clickhouse = await startClickHouse();
  const store = "reason" in clickhouse ? undefined : clickhouse.address("walked");
  accounts = await Promise.all(
    settings.map(({ flags, isShared }) =>
      isShared && store === undefined ? undefined : anAccount(flags, isShared ? store : undefined),
    ),
  );
  reports = await Promise.all(
    accounts.map((account, index) => {
      if (account === undefined) return undefined;
      const { endpoint, values } = account;
      return runScript<Report>(python, "walk_model.py", { endpoint, values, strict: settings[index]!.strict });
    }),
  );
}, 240_000);
afterAll(async () => {
  await Promise.all(accounts.map((account) => account?.close()));
  if (clickhouse !== undefined && !("reason" in clickhouse)) await clickhouse.stop();
});
beforeEach(({ skip }) => {
  if ("reason" in environment) skip(`${environment.reason} AWS's SDK for JavaScript sends the same cases.`);
});

describe.each(settings.map(({ about }, index) => ({ about, index })))("$about", ({ index }) => {
  beforeEach(({ skip }) => {
    if (reports[index] === undefined && "reason" in clickhouse) skip(clickhouse.reason);
  });

  it("the table has the operations that botocore has, and no others", () => {
    expect(reports[index]?.unknown).toEqual([]);
    expect(names).toHaveLength(38);
  });

  it.each(names)("%s: members, limits, types and answers are those of the model", (name) => {
    expect(reports[index]?.findings[name]).toEqual([]);
    expect(reports[index]?.counts[name]).toBeGreaterThan(4);
  });

  it("every member of every answer was there at least once, but for those that the table explains", () => {
    const { about: _, ...explained } = apiCases.answers.neverSent;
    expect(reports[index]?.unseen).toEqual(Object.keys(explained).sort());
  });
});
