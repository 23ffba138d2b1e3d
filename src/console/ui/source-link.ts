import { create } from "zustand";
import { encodePart } from "../address/encode-part.ts";
import { read, write } from "./remember.ts";

const storageKey = "fluoroscope.source";

/** How a place in a source file is addressed, as `vscode://file/{file}:{line}`; empty: not at all. */
export const useSourceTemplate = create<{ readonly template: string }>(() => ({ template: read(storageKey) ?? "" }));

export function setSourceTemplate(template: string): void {
  write(storageKey, template);
  useSourceTemplate.setState({ template });
}

/** Whom to ask is said before anything that comes out of a trace: an editor, or one site. */
const trusted = /^(https:\/\/[^/{}?#@\s]+\/|vscode(-insiders)?:\/\/file\/|idea:\/\/open\?)/;

/** Whether addresses may be made of it. */
export function isSourceTemplate(template: string): boolean {
  return trusted.test(template) && template.includes("{file}");
}

/** The address of a line of source. Nothing that a stack says can lead anywhere else than the template does. */
export function sourceLink(template: string, path: string | undefined, line: number | undefined): string | undefined {
  if (path === undefined || !isSourceTemplate(template)) return undefined;
  const file = path
    .replace(/^file:\/\//, "")
    .split(/[\\/]/)
    // Up and out of where the template begins leads no step.
    .filter((step, at) => step !== ".." && step !== "." && (step !== "" || at > 0))
    .map(encodePart)
    .join("/");
  return template.replaceAll("{file}", () => file).replaceAll("{line}", String(line ?? 1));
}
