import type { Log } from "../log.ts";
import { RecordReader } from "./record-reader.ts";
import { type Disk, removeSpillFile, type SpillFile } from "./spill-files.ts";

/**
 * Finds out where the newest file ends, and cuts off what is no whole record behind that: a process that was killed while
 * it wrote leaves such a tail. Answers how many documents were in it, as far as it says; a tail that says nothing counts
 * as one. A file without any whole record is removed, and taken off the list.
 */
export async function cutTail(options: {
  readonly disk: Disk;
  readonly folder: string;
  readonly files: SpillFile[];
  readonly log: Log;
}): Promise<number> {
  const { disk, folder, files, log } = options;
  const file = files.at(-1);
  if (file === undefined) return 0;
  const reader = new RecordReader(disk);
  let offset = 0;
  let torn = 0;
  try {
    for (;;) {
      const found = await reader.read({ file, offset, document: file.end });
      if (found.kind === "end") break;
      offset = found.end;
      file.end = found.header.first + found.header.count;
    }
    const tailBytes = file.bytes - offset;
    if (tailBytes > 0) {
      torn = await tornDocuments(reader, file, offset);
      log.warn({ file: file.path, offset, bytes: tailBytes, documents: torn }, "a torn end of the spill was cut off");
    }
  } finally {
    await reader.close();
  }
  if (offset === 0) files.pop();
  try {
    if (offset === 0) await removeSpillFile(disk, folder, file);
    else if (offset < file.bytes) await cut(disk, file.path, offset);
  } catch {
    // A disk that is read-only today: the tail is passed over all the same, now and the next time.
  }
  file.bytes = offset;
  return torn;
}

async function tornDocuments(reader: RecordReader, file: SpillFile, offset: number): Promise<number> {
  const header = await reader.peek({ file, offset, document: file.end });
  return header !== undefined && header.first === file.end ? header.count : 1;
}

async function cut(disk: Disk, path: string, bytes: number): Promise<void> {
  const handle = await disk.open(path, "r+");
  try {
    await handle.truncate(bytes);
  } finally {
    await handle.close();
  }
}
