import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { type PythonEnvironment, preparePython } from "./python-environment.ts";
import { type RunningUp, run, startUp } from "./running-up.ts";

/** moto's own tests of X-Ray, unmodified, in the mode in which they test a server; its source package has them. */
const release = "5.1.22";

let environment: PythonEnvironment;
let tests: string;
let up: RunningUp;

beforeAll(async () => {
  environment = await preparePython();
  if (!("python" in environment)) return;
  const fetched = await fetchTests(environment.python);
  if ("reason" in fetched) {
    environment = fetched;
    return;
  }
  tests = fetched.folder;
  // Their traces are of 2016.
  up = await startUp({}, ["--ephemeral", "--retention", "36500d"]);
}, 240_000);
beforeEach(({ skip }) => {
  if ("reason" in environment) skip(environment.reason);
});
afterAll(() => up?.close());

it("all six pass", async () => {
  if (!("python" in environment)) return;
  const command = 'cd "$1" && "$0" -m pytest -q -p no:cacheprovider tests/test_xray/test_xray.py 2>&1';
  const { output } = await run("bash", ["-c", command, environment.python, tests], {
    TEST_SERVER_MODE: "true",
    TEST_SERVER_MODE_ENDPOINT: up.http,
    // Nobody but moto's own server can be told to forget everything.
    MOTO_CALL_RESET_API: "false",
  });
  expect(output).toMatch(/^6 passed/m);
});

/** Where they are, beside the Python that runs them, or why they cannot be had, which fails in CI. */
async function fetchTests(python: string): Promise<{ folder: string } | { reason: string }> {
  const beside = dirname(dirname(python));
  const folder = join(beside, `moto-${release}`);
  if (existsSync(folder)) return { folder };
  const fetch = `"$0" -m pip download --quiet --disable-pip-version-check --no-deps --no-binary moto --dest "$1" moto==${release}`;
  const unpack = `tar -xzf "$1/moto-${release}.tar.gz" -C "$1" moto-${release}/tests/__init__.py moto-${release}/tests/conftest.py moto-${release}/tests/test_xray`;
  const { code, output } = await run("bash", ["-c", `(${fetch} && ${unpack}) 2>&1`, python, beside]);
  if (code === 0) return { folder };
  const reason = "moto's source package, which has its tests, could not be fetched.";
  if (process.env.CI) throw new Error(`${reason}\n${output}`);
  return { reason };
}
