import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A data folder in which there is something before the program starts. */
export interface DataFolder {
  readonly path: string;
  remove(): void;
}

/** Documents by the names of their files, as the program writes them itself. */
export function aDataFolder(documents: Readonly<Record<string, object>>): DataFolder {
  const parent = mkdtempSync(join(tmpdir(), "fluoroscope-interop-"));
  const path = join(parent, "data");
  mkdirSync(path);
  for (const [name, document] of Object.entries(documents)) {
    writeFileSync(join(path, name), JSON.stringify({ version: 1, ...document }));
  }
  return { path, remove: () => rmSync(parent, { recursive: true, force: true }) };
}
