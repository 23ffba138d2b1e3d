// What `npm test` runs: the checks, the build, every test. The last line says how many passed, failed and were skipped.
import { spawnSync } from "node:child_process";
import { startVitest } from "vitest/node";

const npm = (script) => spawnSync("npm", ["run", "--silent", script], { stdio: "inherit" }).status === 0;

let passed = 0;
const failed = [];
const skipped = [];
const flaky = [];

function count(test) {
  const { state, note } = test.result();
  const name = `${test.module.moduleId.replace(`${process.cwd()}/`, "")} > ${test.fullName}`;
  if (state === "passed") passed += 1;
  else if (state === "skipped") skipped.push(`${name}: ${note ?? "no reason given"}`);
  else failed.push(name);
  if (test.diagnostic()?.flaky) flaky.push(name);
}

if (!npm("check")) failed.push("npm run check");
if (!npm("build")) {
  failed.push("npm run build");
} else {
  const vitest = await startVitest("test", process.argv.slice(2), { run: true, watch: false });
  for (const module of vitest.state.getTestModules()) {
    for (const test of module.children.allTests()) count(test);
    // A file that cannot be loaded, or a hook that failed, has tests that never ran.
    if (module.errors().length > 0) failed.push(module.moduleId);
    for (const suite of module.children.allSuites()) if (suite.errors().length > 0) failed.push(suite.fullName);
  }
  failed.push(...vitest.state.getUnhandledErrors().map((error) => `unhandled: ${error?.message ?? error}`));
  await vitest.close();
}

for (const line of skipped) console.log(`skipped  ${line}`);
for (const line of flaky) console.log(`flaky    ${line}: passed at the second attempt`);
for (const line of failed) console.log(`failed   ${line}`);
console.log(`${passed} passed, ${failed.length} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ""}`);
process.exit(failed.length > 0 ? 1 : 0);
