/** What this browser remembers, where it remembers anything. */
export function read(key: string): string | undefined {
  try {
    return localStorage.getItem(key) ?? undefined;
  } catch {
    // Storage is off: every visit is the first one.
    return undefined;
  }
}

/** Lets the browser remember something. */
export function write(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Storage is off or full: the choice lasts as long as the page.
  }
}
