import { create } from "zustand";
import type { Imported } from "./import-traces.ts";

/** What is under way, or became, of files that somebody brought in. */
export type ImportState =
  | { readonly kind: "none" }
  | { readonly kind: "reading"; readonly name: string }
  | { readonly kind: "done"; readonly name: string; readonly imported: Imported }
  | { readonly kind: "failed"; readonly name: string; readonly reason: string };

/** The last import of this page. */
export const useImport = create<{ readonly state: ImportState }>(() => ({ state: { kind: "none" } }));

/** A larger file would not fit into the page's memory several times over. */
const mostBytes = 256 * 1024 * 1024;

/** Brings files of traces in, one after another; answers the id of the first trace, if any came. */
export async function bringIn(files: readonly File[]): Promise<string | undefined> {
  let first: string | undefined;
  for (const file of files) {
    const { name } = file;
    useImport.setState({ state: { kind: "reading", name } });
    try {
      if (file.size > mostBytes) throw new Error("It is larger than 256 MB.");
      // Loaded when somebody brings something.
      const { importTraces } = await import("./import-traces.ts");
      const imported = await importTraces(await file.text());
      useImport.setState({ state: { kind: "done", name, imported } });
      if (imported.refused < imported.documents) first ??= imported.traceIds[0];
    } catch (error) {
      useImport.setState({
        state: { kind: "failed", name, reason: error instanceof Error ? error.message : String(error) },
      });
    }
  }
  return first;
}
