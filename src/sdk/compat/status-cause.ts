/** Which flag an HTTP status sets: `error` for 4xx, `fault` for 5xx. */
export function getCauseTypeFromHttpStatus(status: number | string): "error" | "fault" | undefined {
  const text = String(status);
  if (/^4\d\d$/.test(text)) return "error";
  return /^5\d\d$/.test(text) ? "fault" : undefined;
}

/** Sets the flags that an HTTP status asks for: a call that was throttled is an error too. */
export function flagByStatus(work: { error?: boolean; fault?: boolean; throttle?: boolean }, status: number): void {
  if (status === 429) work.throttle = true;
  const cause = getCauseTypeFromHttpStatus(status);
  if (cause !== undefined) work[cause] = true;
}
