type Headers = Record<string, unknown>;
type RequestParameters = { hostname?: string; host?: string; headers?: Headers | readonly unknown[] };

/** What `http.request` was given, in any of its forms. */
export interface HttpArguments {
  readonly host: string;
  readonly hasTraceHeader: boolean;
  /** Where manual mode has the segment. */
  readonly parameters: object;
  readonly callback: ((response: unknown) => void) | undefined;
  /** The arguments without the callback, with a trace header more. What the caller has given stays as it is. */
  withHeader(header: string | undefined): unknown[];
}

/** Undefined where there is nothing to ask. */
export function readHttpArguments(args: readonly unknown[]): HttpArguments | undefined {
  const [first, second, third] = args;
  const hasUrl = typeof second === "object" && second !== null;
  const options = (hasUrl ? second : first) as RequestParameters | string | undefined;
  if (!options) return undefined;
  const url = typeof first === "string" ? new URL(first) : (first as RequestParameters);
  const given: RequestParameters = typeof options === "string" ? {} : options;
  const callback = (hasUrl ? third : second) as HttpArguments["callback"];
  return {
    host: given.hostname || given.host || url.hostname || url.host || "Unknown host",
    hasTraceHeader: hasTraceHeader(given.headers),
    parameters: given,
    callback: typeof callback === "function" ? callback : undefined,
    withHeader(header) {
      const headers = withTraceHeader(given.headers, header);
      if (hasUrl || typeof first === "string" || first instanceof URL) {
        // The members of a URL are not its own: it goes as it is, and options of its own go beside it.
        return [first, first === given ? { headers } : { ...given, headers }];
      }
      return [{ ...given, headers }];
    },
  };
}

function hasTraceHeader(headers: RequestParameters["headers"]): boolean {
  if (headers === undefined || headers === null) return false;
  const names = Array.isArray(headers) ? headers.flat().filter((_, at) => at % 2 === 0) : Object.keys(headers);
  return names.some((name) => String(name).toLowerCase() === "x-amzn-trace-id");
}

function withTraceHeader(headers: RequestParameters["headers"], header: string | undefined): unknown {
  if (header === undefined) return headers ?? {};
  if (!Array.isArray(headers)) return { ...headers, "X-Amzn-Trace-Id": header };
  return Array.isArray(headers[0])
    ? [...headers, ["X-Amzn-Trace-Id", header]]
    : [...headers, "X-Amzn-Trace-Id", header];
}
