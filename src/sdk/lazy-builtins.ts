/**
 * Node's modules that are costly to import: for an `import`, Node reads every member of a module, and so loads undici
 * with `node:http` (44 ms of CPU in Node 24) and streams with `node:fs`. Taken this way, they cost only themselves.
 */
export const lazyHttp = (): typeof import("node:http") => process.getBuiltinModule("node:http");
export const lazyFs = (): typeof import("node:fs") => process.getBuiltinModule("node:fs");
