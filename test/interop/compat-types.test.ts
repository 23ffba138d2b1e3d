import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type InstalledSdk, installSdk } from "../fixtures/installed-sdk.ts";

/** The declarations that X-Ray's SDK publishes, against those of the packed SDK. */
const modules = fileURLToPath(new URL("../../node_modules/", import.meta.url));
const companions = ["express", "fetch", "mysql", "postgres"];

let sdk: InstalledSdk;

beforeAll(() => {
  sdk = installSdk();
  for (const name of ["@types", "cls-hooked"]) {
    symlinkSync(join(modules, name), join(sdk.folder, "node_modules", name));
  }
});

afterAll(() => sdk?.remove());

/** What the compiler says of programs in a folder of their own. */
function complaints(name: string, programs: Readonly<Record<string, string>>, compilerOptions: object = {}): string[] {
  const folder = join(sdk.folder, name);
  mkdirSync(folder, { recursive: true });
  for (const [file, text] of Object.entries(programs)) writeFileSync(join(folder, file), text);
  const options = { strict: true, noEmit: true, module: "nodenext", target: "es2023", types: ["node"] };
  const configuration = {
    compilerOptions: { ...options, allowImportingTsExtensions: true, esModuleInterop: true, ...compilerOptions },
    files: Object.keys(programs),
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(configuration));
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  const { stdout } = spawnSync(join(modules, ".bin/tsc"), ["-p", folder, "--pretty", "false"], { encoding: "utf8" });
  return stdout.split("\n").filter((line) => line.includes("error TS"));
}

/** Puts packages of X-Ray's SDK beside a program. */
function copyPackages(name: string, packages: readonly string[]): void {
  for (const each of packages) {
    const from = join(modules, `aws-xray-sdk-${each}`);
    cpSync(from, join(sdk.folder, name, "node_modules", `aws-xray-sdk-${each}`), { recursive: true });
  }
}

/** An application that has ours under the name of theirs. */
function standInForCore(name: string): void {
  const folder = join(sdk.folder, name, "node_modules/aws-xray-sdk-core");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{ "name": "aws-xray-sdk-core", "types": "index.d.ts" }');
  writeFileSync(join(folder, "index.d.ts"), 'export * from "fluoroscope-sdk/compat";');
}

it("all values and types of the core stand where the original's are wanted", () => {
  copyPackages("core", ["core"]);
  const program = `
import type * as theirs from "aws-xray-sdk-core";
import * as ours from "fluoroscope-sdk/compat";

// A named difference: functions that take segments take ours. So parameters are compared either way, as a method's are.
type Surface<M> = {
  [K in Exclude<keyof M, "default">]: M[K] extends abstract new (...args: never[]) => unknown
    ? M[K]
    : M[K] extends (...args: infer A) => infer R ? { call(...args: A): R }["call"] : M[K];
};
const values: [
  Surface<Omit<typeof theirs, "utils" | "middleware" | "SegmentUtils">>,
  Surface<typeof theirs.middleware>,
  Surface<Omit<typeof theirs.utils, "LambdaUtils">>,
  Surface<typeof theirs.utils.LambdaUtils>,
  Surface<typeof theirs.SegmentUtils>,
] = [ours, ours.middleware, ours.utils, ours.utils.LambdaUtils, ours.SegmentUtils];

declare const made: [
  ours.Segment, ours.Subsegment, ours.SegmentLike, ours.TraceID, ours.Logger, ours.database.SqlData,
  ours.plugins.Plugin, ours.plugins.EC2Metadata, ours.plugins.ECSMetadata, ours.plugins.ElasticBeanstalkMetadata,
  ours.middleware.IncomingRequestData,
];
const types: [
  theirs.Segment, theirs.Subsegment, theirs.SegmentLike, theirs.TraceID, theirs.Logger, theirs.database.SqlData,
  theirs.plugins.Plugin, theirs.plugins.EC2Metadata, theirs.plugins.ECSMetadata, theirs.plugins.ElasticBeanstalkMetadata,
  theirs.middleware.IncomingRequestData,
] = made;

// What applications write goes the other way.
declare const written: [theirs.middleware.RulesConfig, theirs.middleware.RuleConfig, theirs.Logger];
const taken: [ours.middleware.RulesConfig, ours.middleware.RuleConfig, ours.Logger] = written;
export { values, types, taken };
`;
  expect(complaints("core", { "core.ts": program }, { skipLibCheck: true })).toEqual([]);
});

it("a missing member would be seen", () => {
  copyPackages("missing", ["core"]);
  const program = `
import type * as theirs from "aws-xray-sdk-core";
import * as ours from "fluoroscope-sdk/compat";
const { getSegment, ...others } = ours;
export const values: Omit<typeof theirs, "default" | "utils" | "middleware"> = others;
`;
  expect(complaints("missing", { "missing.ts": program }, { skipLibCheck: true }).join()).toContain("getSegment");
});

it("the companions' own declarations compile against our core, and ours stand for them", () => {
  copyPackages("companions", companions);
  standInForCore("companions");
  const program = `${companions.map((name) => `import type * as their_${name} from "aws-xray-sdk-${name}";`).join("\n")}
${companions.map((name) => `import * as our_${name} from "fluoroscope-sdk/compat/${name}";`).join("\n")}
${companions.map((name) => `export const ${name}: Omit<typeof their_${name}, "default"> = our_${name};`).join("\n")}
`;
  const found = complaints("companions", { "companions.ts": program });
  // The one thing that theirs lack themselves: node-fetch, which they import and do not depend on.
  expect(found.filter((line) => !line.includes("'node-fetch'"))).toEqual([]);
});

it("the programs with which they test their types compile with ours", () => {
  const programs = ["express", "mysql", "postgres"].map((name) => {
    const text = readFileSync(join(modules, `aws-xray-sdk-${name}/test-d/index.test-d.ts`), "utf8");
    const moved = text
      .replace("'../lib'", `'fluoroscope-sdk/compat/${name}'`)
      .replace("'aws-xray-sdk-core'", "'fluoroscope-sdk/compat'")
      .replace("'tsd'", "'./tsd.ts'");
    return [`${name}.ts`, moved] as const;
  });
  const tsd = "export const expectType = <T>(value: T): T => value;\n";
  expect(complaints("programs", { ...Object.fromEntries(programs), "tsd.ts": tsd })).toEqual([]);
});

it("CommonJS and default imports have the same names", () => {
  const program = `
import AWSXRay = require("fluoroscope-sdk/compat");
import byDefault from "fluoroscope-sdk/compat";
const segment: AWSXRay.Segment = new AWSXRay.Segment("shop");
const rules: byDefault.middleware.RulesConfig = { version: 2, default: { fixed_target: 1, rate: 0.5 } };
byDefault.middleware.setSamplingRules(rules);
byDefault.setSegment(segment);
`;
  expect(complaints("commonjs", { "program.cts": program })).toEqual([]);
});
