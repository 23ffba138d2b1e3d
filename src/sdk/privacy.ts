import type { AttributeValue } from "../otel/span.ts";

/** What may leave the process. Nothing of it does unless it is asked for. */
export interface Privacy {
  /** Query strings of URLs. Values that are named like secrets are made unreadable all the same. */
  readonly captureQuery: boolean;
  /** The text of SQL queries. */
  readonly captureSql: boolean;
}

const urls: ReadonlySet<string> = new Set(["url.full", "http.url", "http.target", "url.path"]);
const queries: ReadonlySet<string> = new Set(["url.query"]);
const statements: ReadonlySet<string> = new Set(["db.query.text", "db.statement"]);
/** Their passwords are in the middle of them. */
const connections: ReadonlySet<string> = new Set(["db.connection_string"]);
const secretHeaders = /^(?:http|rpc)\..*\.(?:authorization|proxy-authorization|cookie|set-cookie|x-api-key)$/i;

/** An attribute's value as it may be sent; undefined when it may not be sent at all. */
export function permit(key: string, value: AttributeValue, privacy: Privacy): AttributeValue | undefined {
  if (urls.has(key)) return typeof value === "string" ? permitUrl(value, privacy.captureQuery) : value;
  if (queries.has(key)) return privacy.captureQuery ? value : undefined;
  if (statements.has(key)) return privacy.captureSql ? value : undefined;
  if (connections.has(key)) return typeof value === "string" ? withoutPassword(value) : value;
  return secretHeaders.test(key) ? undefined : value;
}

/** A URL without the user's name and password and, unless that is asked for, without query and fragment. */
export function permitUrl(url: string, captureQuery: boolean): string {
  const end = captureQuery ? -1 : url.search(/[?#]/);
  const cut = end < 0 ? url : url.slice(0, end);
  return cut.includes("@") ? cut.replace(/^([a-z][a-z\d+.-]*:\/\/)[^/?#]*@/i, "$1") : cut;
}

function withoutPassword(connection: string): string {
  return permitUrl(connection, true).replace(/\b(password|pwd|passwd)(\s*=\s*)[^;&\s]*/gi, "$1$2REDACTED");
}
