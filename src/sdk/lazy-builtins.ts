/**
 * Node's modules that are costly to import: for an `import`, Node reads every member of a module, and so loads undici
 * with `node:http` (44 ms of CPU in Node 24) and streams with `node:fs`. Taken this way, they cost only themselves.
 */
export const lazyHttp = (): typeof import("node:http") => process.getBuiltinModule("node:http");
export const lazyHttps = (): typeof import("node:https") => process.getBuiltinModule("node:https");
export const lazyHttp2 = (): typeof import("node:http2") => process.getBuiltinModule("node:http2");
export const lazyNet = (): typeof import("node:net") => process.getBuiltinModule("node:net");
export const lazyStream = (): typeof import("node:stream") => process.getBuiltinModule("node:stream");
export const lazyFs = (): typeof import("node:fs") => process.getBuiltinModule("node:fs");
