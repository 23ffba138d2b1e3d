/** What a client in Go does with a member that it dereferences: there is no going on without it. */
export function must<T>(value: T | undefined | null, what: string): T {
  if (value === undefined || value === null) throw new Error(`${what} is missing`);
  return value;
}
