// Builds dist/: TypeScript for Node, then the console for the browser.
import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { build } from "vite";
import { notePackages } from "./note-packages.mjs";

// Who builds may have said something else; what is built for users is the same.
process.env.NODE_ENV = "production";

const bin = (name) => new URL(`../node_modules/.bin/${name}`, import.meta.url).pathname;
const run = (name, ...args) => execFileSync(bin(name), args, { stdio: "inherit" });

rmSync("dist", { recursive: true, force: true });
run("tsc", "-p", "tsconfig.json");
await import("./bundle-cli.mjs");
await import("./bundle-mcp.mjs");
await build({ configFile: "vite.config.ts", logLevel: "warn", plugins: [notePackages()] });
