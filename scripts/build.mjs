// Builds dist/: TypeScript for Node, then the console for the browser.
import { execFileSync } from "node:child_process";
import { existsSync, rmSync } from "node:fs";

const bin = (name) => new URL(`../node_modules/.bin/${name}`, import.meta.url).pathname;
const run = (name, ...args) => execFileSync(bin(name), args, { stdio: "inherit" });

rmSync("dist", { recursive: true, force: true });
run("tsc", "-p", "tsconfig.json");
await import("./bundle-cli.mjs");
if (existsSync("src/console/index.html")) run("vite", "build", "--logLevel", "warn");
