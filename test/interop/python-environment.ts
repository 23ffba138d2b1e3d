import { existsSync, mkdirSync, rmSync, statSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { run } from "./running-up.ts";

const folder = fileURLToPath(new URL("../../.venv", import.meta.url));
const sdks = fileURLToPath(new URL("clients/requirements.txt", import.meta.url));
const python = `${folder}/bin/python`;
const lock = fileURLToPath(new URL("../../node_modules/.python-environment", import.meta.url));

/** A Python that has what was asked for, or why there is none. */
export type PythonEnvironment = { readonly python: string } | { readonly reason: string };

/**
 * Makes `.venv` at the root of the repository on first use, with AWS's SDKs and CLI, moto and OpenTelemetry's definitions,
 * or with what another list of requirements names; the modules tell whether it is there. Where that cannot be done, CI
 * fails and others skip.
 */
export async function preparePython(
  requirements: string = sdks,
  modules = "aws_xray_sdk, awscli, boto3, moto, opentelemetry.proto, pytest, requests",
): Promise<PythonEnvironment> {
  const reason = (await works(`import ${modules}`))
    ? undefined
    : await inTurn(() => whyNoPython(requirements, modules));
  if (reason === undefined) return { python };
  if (process.env.CI) throw new Error(`${reason} CI needs it: .ci/run installs python3-venv`);
  return { reason };
}

async function whyNoPython(requirements: string, modules: string): Promise<string | undefined> {
  if (await works(`import ${modules}`)) return undefined;
  if (!existsSync(python) && !(await succeeds("python3", ["-m", "venv", folder]))) {
    return "There is no Python 3 with venv here.";
  }
  const install = [
    "-m",
    "pip",
    "install",
    "--quiet",
    "--disable-pip-version-check",
    "--retries",
    "1",
    "--timeout",
    "15",
  ];
  if (await succeeds(python, [...install, "-r", requirements])) return undefined;
  return `Python's modules ${modules} could not be installed.`;
}

/** Test files run side by side, and would install into one folder at the same time. */
async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  while (!isMine()) await setTimeout(250);
  try {
    return await work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

/** True when nobody else is at it, or who was has been killed. */
function isMine(): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch {
    const since = statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - since > 300_000) rmSync(lock, { recursive: true, force: true });
    return false;
  }
}

const works = async (statement: string): Promise<boolean> =>
  existsSync(python) && (await succeeds(python, ["-c", statement]));

async function succeeds(program: string, args: readonly string[]): Promise<boolean> {
  try {
    return (await run(program, args)).code === 0;
  } catch {
    // The program is not there at all.
    return false;
  }
}
