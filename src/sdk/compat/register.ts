import * as module from "node:module";
import { fileURLToPath } from "node:url";
import { resolve } from "./answer-imports.ts";
import { standInFor } from "./package-files.ts";

type Resolver = (request: string, ...rest: unknown[]) => string;
interface Hooks {
  registerHooks?(hooks: { resolve: typeof resolve }): unknown;
  register(specifier: string, parent: string): unknown;
  readonly Module: { _resolveFilename: Resolver };
}

// `node --import fluoroscope-sdk/compat/register app.js`: whoever asks for X-Ray's SDK gets ours.
const { registerHooks, register, Module } = module as unknown as Hooks;
if (registerHooks !== undefined) {
  registerHooks({ resolve });
} else {
  // Before Node 22.15, `require` and `import` are answered in two places, the second one in a thread of its own.
  const original = Module._resolveFilename;
  Module._resolveFilename = (request, ...rest) => {
    const url = standInFor(request);
    return url === undefined ? original.call(Module, request, ...rest) : fileURLToPath(url);
  };
  register("./answer-imports.js", import.meta.url);
}
