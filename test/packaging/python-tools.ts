import { join } from "node:path";
import { preparePython } from "../interop/python-environment.ts";
import { root } from "./built-packages.ts";

/** What is written in Python to check packaging with, or why it cannot be had. */
export type PythonTools =
  | { readonly python: string; readonly hadolint: string; readonly kubernetesValidate: string }
  | { readonly reason: string };

/** Installs them on first use. */
export async function preparePythonTools(): Promise<PythonTools> {
  const requirements = join(root, "test/packaging/requirements.txt");
  const environment = await preparePython(requirements, "botocore, kubernetes_validate, pyseccomp");
  if ("reason" in environment) return environment;
  const program = (name: string): string => join(environment.python, "..", name);
  return {
    python: environment.python,
    hadolint: program("hadolint"),
    kubernetesValidate: program("kubernetes-validate"),
  };
}
