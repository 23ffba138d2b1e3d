/** Fewer rows than this are not worth a part of their own: the server gathers them with those of others. */
const fewRows = 500;

/**
 * How an insert is to be carried out. In both ways it is answered when the rows are written, and fails where they are not.
 */
export function insertSettings(rows: number): string {
  const settings =
    rows < fewRows
      ? "async_insert = 1, wait_for_async_insert = 1, async_insert_busy_timeout_max_ms = 100"
      : "async_insert = 0, distributed_foreground_insert = 1";
  return ` SETTINGS ${settings}`;
}
