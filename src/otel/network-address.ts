/** What a URL is made of, as it was written: nothing is decoded, and what is not there is undefined. */
export interface UrlParts {
  readonly scheme?: string | undefined;
  readonly host: string;
  readonly port?: number | undefined;
  readonly path: string;
  readonly query?: string | undefined;
}

const url =
  /^([a-z][a-z\d+.-]*):\/\/(?:[^/?#]*@)?(\[[^\]@]*\]|[^/?#:@]*)(?::(\d{1,5}))?(?![^/?#])([^?#]*)(?:\?([^#]*))?/i;

/** Reads an absolute URL. `new URL` would cost ten times as much, and change what it reads. */
export function readUrl(text: string): UrlParts | undefined {
  const match = url.exec(text);
  if (match === null || match[2] === "") return undefined;
  return partsOf(match[1]!.toLowerCase(), match[2]!, match[3], match[4]!, match[5]);
}

const database = /^(?:[a-z][\w+.:-]*:\/\/)(?:[^/?#]*@)?(\[[^\]]*\]|[^/?#:;,]+)(?::(\d{1,5}))?(?:\/([^/?#;]*))?/i;
const plainDatabase = /^([^/?#:;@]+):(\d{1,5})\/([^/?#;]*)/;

/** Reads a database's URL in the forms that SDKs send: `jdbc:postgresql://host:5432/name`, and without a scheme. */
export function readDatabaseUrl(text: string): UrlParts | undefined {
  const match = database.exec(text) ?? plainDatabase.exec(text);
  return match === null ? undefined : partsOf(undefined, match[1]!, match[2], match[3] ?? "", undefined);
}

function partsOf(
  scheme: string | undefined,
  host: string,
  port: string | undefined,
  path: string,
  query: string | undefined,
): UrlParts {
  return {
    scheme,
    host: host.startsWith("[") ? host.slice(1, -1) : host,
    port: port === undefined ? undefined : Number(port),
    path,
    query,
  };
}
