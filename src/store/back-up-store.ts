import { existsSync } from "node:fs";
import { copyFile, mkdir, open, readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { FluoroscopeError } from "../errors.ts";
import { loadDriver, type OpenDatabase } from "./embedded/driver.ts";
import { openPartForReading, partError } from "./embedded/open-part.ts";
import { listParts, type PartFile, sizeOf } from "./embedded/part-files.ts";

export interface BackUp {
  readonly parts: number;
  readonly bytes: number;
}

/** What lies beside the parts and is wanted too: groups, rules, keys' tags, policies. */
const companions = ["settings.json"];

/**
 * Copies a data folder while its fluoroscope runs, or while none does. Each part is copied as it is at one moment, with
 * all that was acknowledged before; `onPart` is told after each. The copy is a data folder like any other. Throws
 * `FLUORO_BAD_CONFIG` where there is nothing to copy, or where the target holds something already.
 */
export async function backUpStore(
  { dataDir, to }: { readonly dataDir: string; readonly to: string },
  onPart: (done: number, of: number) => void = () => {},
): Promise<BackUp> {
  const parts = existsSync(dataDir) ? listParts(dataDir) : [];
  if (parts.length === 0) {
    throw badConfig(`${dataDir} has no traces to copy. Name the folder of the store with --data-dir.`);
  }
  await mkdir(to, { recursive: true, mode: 0o700 });
  if ((await readdir(to)).length > 0) {
    throw badConfig(`${to} is not empty. Name a new folder: a copy is never written over another.`);
  }
  const openDatabase = await loadDriver();
  let [copied, bytes] = [0, 0];
  for (const [index, part] of parts.entries()) {
    const target = join(to, basename(part.path));
    if (copyPart(part, target, openDatabase)) {
      await keepForGood(target);
      copied += 1;
      bytes += sizeOf(target);
    }
    onPart(index + 1, parts.length);
  }
  for (const name of companions)
    if (existsSync(join(dataDir, name))) await copyFile(join(dataDir, name), join(to, name));
  return { parts: copied, bytes };
}

/** False when retention has taken the part away meanwhile. */
function copyPart({ path }: PartFile, target: string, openDatabase: OpenDatabase): boolean {
  if (!existsSync(path)) return false;
  const database = openPartForReading(path, openDatabase);
  try {
    // One reading transaction: what is committed meanwhile is not in it, what was committed before is.
    database.prepare("VACUUM INTO ?").run(target);
    return true;
  } catch (error) {
    throw partError(path, error);
  } finally {
    database.close();
  }
}

async function keepForGood(path: string): Promise<void> {
  const file = await open(path, "r+");
  await file.sync();
  await file.close();
}

const badConfig = (message: string): FluoroscopeError => new FluoroscopeError("FLUORO_BAD_CONFIG", message);
