import { standInFor } from "./package-files.ts";

interface Resolved {
  readonly url: string;
  readonly format?: string;
  readonly shortCircuit?: boolean;
}

type NextResolve = (specifier: string, context?: object) => Resolved | Promise<Resolved>;

/** Node's hook for where a module is: the packages of X-Ray's SDK are ours. */
export function resolve(specifier: string, context: object, nextResolve: NextResolve): Resolved | Promise<Resolved> {
  const url = standInFor(specifier);
  return url === undefined ? nextResolve(specifier, context) : { url, format: "commonjs", shortCircuit: true };
}
