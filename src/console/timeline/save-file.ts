import type { ExportFile } from "./export-trace.ts";

/** Lets the browser save a file. */
export function saveFile({ name, type, content }: ExportFile): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser has taken it by then; kept, it would hold the file's memory.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
