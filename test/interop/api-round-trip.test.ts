import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
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
  { about: "as it comes", flags: [], strict: false },
  { about: "with AWS's limits", flags: ["--strict-limits"], strict: true },
];

let environment: PythonEnvironment;
let accounts: readonly Account[] = [];
let reports: readonly Report[];

beforeAll(async () => {
  environment = await preparePython();
  if (!("python" in environment)) return;
  const { python } = environment;
  accounts = await Promise.all(settings.map(({ flags }) => anAccount(flags)));
  reports = await Promise.all(
    accounts.map(({ endpoint, values }, index) =>
      runScript<Report>(python, "walk_model.py", { endpoint, values, strict: settings[index]!.strict }),
    ),
  );
}, 240_000);
afterAll(() => Promise.all(accounts.map((account) => account.close())));
beforeEach(({ skip }) => {
  if ("reason" in environment) skip(`${environment.reason} AWS's SDK for JavaScript sends the same cases.`);
});

describe.each(settings.map(({ about }, index) => ({ about, index })))("$about", ({ index }) => {
  it("the table has the operations that botocore has, and no others", () => {
    expect(reports[index]!.unknown).toEqual([]);
    expect(names).toHaveLength(38);
  });

  it.each(names)("%s: members, limits, types and answers are those of the model", (name) => {
    expect(reports[index]!.findings[name]).toEqual([]);
    expect(reports[index]!.counts[name]).toBeGreaterThan(4);
  });

  it("every member of every answer was there at least once, but for those that the table explains", () => {
    const { about: _, ...explained } = apiCases.answers.neverSent;
    expect(reports[index]!.unseen).toEqual(Object.keys(explained).sort());
  });
});
