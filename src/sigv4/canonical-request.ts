/** A request as both sides of a signature see it: whoever signs it, and whoever checks it. */
export interface SignableRequest {
  readonly method: string;
  /** Path and query as they stand on the request line. */
  readonly target: string;
  /** By lower-case name; several values where the header stands several times. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Hexadecimal SHA-256 of the body, or `UNSIGNED-PAYLOAD`. */
  readonly payloadHash: string;
}

/**
 * The text whose digest is signed: every spelling of a request that means the same comes out the same. A signature in the
 * query (the presigned form) is not part of what it signs, so it is left out.
 */
export function canonicalRequest(request: SignableRequest, signedHeaders: readonly string[]): string {
  const mark = request.target.indexOf("?");
  const path = mark < 0 ? request.target : request.target.slice(0, mark);
  const query = mark < 0 ? "" : request.target.slice(mark + 1);
  return [
    request.method,
    canonicalPath(path),
    canonicalQuery(query),
    ...signedHeaders.map((name) => `${name}:${canonicalValue(request.headers[name])}`),
    "",
    signedHeaders.join(";"),
    request.payloadHash,
  ].join("\n");
}

/** All services but S3 collapse `.`, `..` and empty parts, and encode what is encoded on the wire once more. */
function canonicalPath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(encode(part));
  }
  return parts.length === 0 ? "/" : `/${parts.join("/")}${path.endsWith("/") ? "/" : ""}`;
}

function canonicalQuery(query: string): string {
  if (query === "") return "";
  const pairs: [name: string, value: string][] = [];
  for (const part of query.split("&")) {
    const equals = part.indexOf("=");
    const name = encode(decode(equals < 0 ? part : part.slice(0, equals)));
    const value = equals < 0 ? "" : encode(decode(part.slice(equals + 1)));
    if (part !== "" && name !== "X-Amz-Signature") pairs.push([name, value]);
  }
  pairs.sort(([name, value], [otherName, otherValue]) => compare(name, otherName) || compare(value, otherValue));
  return pairs.map(([name, value]) => `${name}=${value}`).join("&");
}

function canonicalValue(value: string | readonly string[] | undefined): string {
  const values = typeof value === "object" ? value : [value ?? ""];
  return values.map((each) => each.trim().replace(/\s+/g, " ")).join(",");
}

/** By code, as bytes would be sorted: encoded text is ASCII. */
function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

/** Everything but RFC 3986's unreserved characters; `encodeURIComponent` leaves five more. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** A `+` is a plus: in a signed query a space is `%20`. What is not percent-encoding is taken as it stands. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A stray % or bytes that are no UTF-8: it means itself.
    return text;
  }
}
