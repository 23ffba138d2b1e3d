// Cuts `fluoroscope-sdk` out of the build: few files, types, a package.json and a README, as a tarball.
// Run: node scripts/pack-sdk.mjs [--from <folder>] [--out <folder>]
//   --from  the build (dist)
//   --out   where the tarball goes (packaging/out)
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { build } from "vite";

const root = new URL("..", import.meta.url).pathname;
const { values } = parseArgs({
  options: { from: { type: "string", default: join(root, "dist") }, out: { type: "string", default: "packaging/out" } },
});
const from = resolve(values.from);
const out = resolve(values.out);
/** Of the API's two builds, the one of which only what is needed comes along. */
const apiModules = join(root, "node_modules/@opentelemetry/api/build/esm/index.js");
/** What applications import, by its name there. */
const entries = ["index", "register"];
/** The packages of X-Ray's SDK that ours stands for: `fluoroscope-sdk/compat/<name>`, and where its types are. */
const standIns = {
  core: { package: "aws-xray-sdk-core", types: "core" },
  express: { package: "aws-xray-sdk-express", types: "express" },
  fetch: { package: "aws-xray-sdk-fetch", types: "capture-fetch" },
  mysql: { package: "aws-xray-sdk-mysql", types: "capture-mysql" },
  postgres: { package: "aws-xray-sdk-postgres", types: "capture-postgres" },
  all: { package: "aws-xray-sdk", types: "all" },
};

mkdirSync(out, { recursive: true });
const stage = mkdtempSync(join(tmpdir(), "fluoroscope-sdk-"));
try {
  await bundle("index", (id) => id.startsWith("node:") || id === "@opentelemetry/api");
  // Loading the API's own files takes longer than all else that `register` does, so what it needs of them is in it.
  await bundle("register", (id) => id.startsWith("node:"));
  for (const entry of entries) copyTypes(join(from, `sdk/${entry}.d.ts`));
  // One file that all of these share, as they share segments; CommonJS, as X-Ray's SDK is.
  await bundle("compat/packages", (id) => id.startsWith("node:"), "cjs");
  for (const entry of ["compat/register", "compat/answer-imports"]) await bundle(entry, (id) => id.startsWith("node:"));
  for (const [name, standIn] of Object.entries(standIns)) writeStandIn(name, standIn);
  copyTypes(join(from, "sdk/compat/register.d.ts"));
  // So that they are right for whoever imports and for whoever requires.
  writeFileSync(join(stage, "types/package.json"), '{ "type": "commonjs" }\n');
  writeFileSync(join(stage, "package.json"), `${JSON.stringify(manifest(), undefined, 2)}\n`);
  writeFileSync(join(stage, "README.md"), readme());
  cpSync(join(root, "LICENSE"), join(stage, "LICENSE"));
  writeFileSync(join(stage, "dist/THIRD-PARTY.txt"), licenceOfApi());
  const words = ["pack", "--json", "--pack-destination", out];
  const [{ filename }] = JSON.parse(execFileSync("npm", words, { cwd: stage, encoding: "utf8" }));
  console.log(join(out, filename));
} finally {
  rmSync(stage, { recursive: true, force: true });
}

/** One file for each entry: loading many costs more than all that is in them. */
async function bundle(entry, external, format = "es") {
  await build({
    configFile: false,
    logLevel: "warn",
    root: from,
    ssr: { noExternal: true },
    resolve: { alias: [{ find: /^@opentelemetry\/api$/, replacement: apiModules }] },
    build: {
      ssr: join(from, `sdk/${entry}.js`),
      outDir: join(stage, "dist"),
      emptyOutDir: false,
      target: "node20",
      // Stack traces should name what they mean.
      minify: false,
      rolldownOptions: {
        external,
        output: { format, entryFileNames: format === "cjs" ? `${entry}.cjs` : `${entry}.js` },
      },
    },
  });
}

/** A package of X-Ray's SDK. The names behind `0 &&` are for whoever imports them: Node finds them by reading. */
function writeStandIn(name, { package: original, types }) {
  const file = join(stage, `dist/compat/${name}.cjs`);
  const path = `./packages.cjs`;
  const { packages } = createRequire(file)(path);
  const names = Object.keys(packages[original]);
  const text = `module.exports = require("${path}").packages["${original}"];\n0 && (module.exports = { ${names.join(", ")} });\n`;
  writeFileSync(file, text);
  copyTypes(join(from, `sdk/compat/${types}.d.ts`));
}

/** A declaration, and those that it names. */
function copyTypes(file) {
  const target = join(stage, "types", relative(from, file));
  if (existsSync(target)) return;
  const text = readFileSync(file, "utf8");
  mkdirSync(dirname(target), { recursive: true });
  // Declarations name sources; beside them there are none.
  writeFileSync(target, text.replaceAll(/((?:from |import\()"\.[^"]*)\.ts"/g, '$1.js"'));
  for (const [, path] of text.matchAll(/(?:from |import\()"(\.[^"]*)\.(?:ts|js)"/g)) {
    copyTypes(join(dirname(file), `${path}.d.ts`));
  }
}

function manifest() {
  const { version, license, engines, devDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const [major, minor] = devDependencies["@opentelemetry/api"].split(".");
  const standIn = (name) => ({
    types: `./types/sdk/compat/${standIns[name].types}.d.ts`,
    default: `./dist/compat/${name}.cjs`,
  });
  const exported = (name) => ({ types: `./types/sdk/${name}.d.ts`, default: `./dist/${name}.js` });
  return {
    name: "fluoroscope-sdk",
    version,
    description: "Traces Node.js applications for AWS X-Ray, through OpenTelemetry's API",
    license,
    type: "module",
    engines,
    exports: {
      ".": exported("index"),
      "./register": exported("register"),
      "./compat": standIn("core"),
      ...Object.fromEntries(Object.keys(standIns).map((name) => [`./compat/${name}`, standIn(name)])),
      "./compat/register": exported("compat/register"),
      "./package.json": "./package.json",
    },
    sideEffects: ["./dist/register.js", "./dist/compat/*"],
    files: ["dist", "types"],
    peerDependencies: { "@opentelemetry/api": `^${major}.${minor}.0` },
  };
}

/** Its licence goes where its code goes. */
function licenceOfApi() {
  const folder = join(root, "node_modules/@opentelemetry/api");
  const { name, version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return `${name} ${version}\n\n${readFileSync(join(folder, "LICENSE"), "utf8").trim()}\n`;
}

function readme() {
  return `# fluoroscope-sdk

Traces a Node.js application for AWS X-Ray: HTTP in and out, and every span made through OpenTelemetry's API.

    npm install fluoroscope-sdk @opentelemetry/api
    node --import fluoroscope-sdk/register app.js

Segments go by UDP to the X-Ray daemon at AWS_XRAY_DAEMON_ADDRESS (127.0.0.1:2000). In code instead:

    import { init } from "fluoroscope-sdk";
    init({ name: "shop" });

In place of aws-xray-sdk-core and its companions, without a change to the application, or by the import's name:

    node --import fluoroscope-sdk/compat/register app.js
    const AWSXRay = require("fluoroscope-sdk/compat");
`;
}
