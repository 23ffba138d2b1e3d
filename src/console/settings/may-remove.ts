import type { ServerSettings } from "../../api/wire-settings.ts";

/** Whether who looks at this page may take away what the server keeps; not where it keeps nothing itself. */
export function mayRemove(settings: ServerSettings | undefined): boolean {
  return settings !== undefined && settings.access.granted === "all" && settings.keeps.retentionSeconds !== undefined;
}
