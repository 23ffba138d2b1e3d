import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

/**
 * The file of a thread, by its name in this folder: the built one; or the source when that is what runs, as in tests: then
 * the thread has to load the loader first.
 */
export function threadFile(name: string): URL {
  if (!import.meta.url.endsWith(".ts")) return new URL(`${name}.js`, import.meta.url);
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx/package.json"));
  const loader = new URL("dist/esm/api/index.mjs", tsx);
  const source = new URL(`${name}.ts`, import.meta.url);
  const start = `import { register } from "${loader}"; register(); await import("${source}");`;
  return new URL(`data:text/javascript,${encodeURIComponent(start)}`);
}
