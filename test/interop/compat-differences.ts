/** A segment document or a subsegment, as tests look at it. */
export type Document = Readonly<Record<string, unknown>> & {
  readonly name?: string;
  readonly namespace?: string;
  readonly cause?: unknown;
  readonly http?: { readonly request?: Members; readonly response?: Members };
  readonly subsegments?: readonly Document[];
};

type Members = Readonly<Record<string, unknown>>;
type Adjust = (document: Document, root: Document) => Document;

/** Something that X-Ray's SDK for Node does and ours does otherwise, on purpose. */
export interface Difference {
  /** As the guide to migrating tells it, which a test compares. */
  readonly says: string;
  /** Takes the difference away from what X-Ray's SDK sends, or from what ours does. */
  readonly theirs?: Adjust;
  readonly ours?: Adjust;
}

/** Each is applied to a document and all that is below it. Whatever is left must be the same. */
export const differences: readonly Difference[] = [
  {
    says: "`aws.xray` names `fluoroscope-sdk`",
    theirs: withoutSdk,
    ours: withoutSdk,
  },
  {
    says: "an error that climbs is told once, and what it climbs through points at the exception, not at the subsegment",
    theirs: pointAtException,
  },
  {
    says: "stacks have the whole path of ES modules, and lines within Node",
    theirs: withoutStacks,
    ours: withoutStacks,
  },
  {
    says: "an error's `cause`, and the causes of that, are exceptions of their own",
    ours: withoutCauses,
  },
  {
    says: "the URL of a call has its port",
    ours: (document) => withUrl(document, (url) => url.replace(/:\d+(?=\/)/, "")),
    theirs: (document) => withUrl(document, (url) => url.replace(/:\d+(?=\/)/, "")),
  },
  {
    says: "the URL of a `fetch` has no query",
    theirs: (document) => withUrl(document, (url) => url.replace(/\?.*$/, "")),
  },
  {
    says: "values that are named like secrets are unreadable in the URLs of requests",
    theirs: (document) => withRequest(document, (url) => url.replace("token=none", "token=REDACTED")),
  },
  {
    says: "`content_length` is always a number",
    theirs: (document) =>
      withResponse(document, ({ content_length: length, ...response }) => ({
        ...response,
        ...(length !== undefined && { content_length: Number(length) }),
      })),
  },
  {
    says: "a segment knows the length of its own response",
    ours: (document) =>
      document.http?.request?.user_agent === undefined
        ? document
        : withResponse(document, ({ content_length: _length, ...response }) => response),
  },
  {
    says: "one `fetch` after another is beside it, not below it",
    theirs: (document) => (document.name === "fetches" ? flattened(document) : document),
  },
  {
    says: "a `fetch` that is refused waits for no callee, as with `http`",
    theirs: (document) => {
      const { traced: _traced, ...others } = document;
      return JSON.stringify(document.cause ?? "").includes("fetch failed") ? others : document;
    },
  },
  {
    says: "what is added without sampling is never sent",
    theirs: ({ subsegments, ...document }) => {
      const sent = subsegments?.filter(({ notTraced }) => notTraced !== true);
      return { ...document, ...(sent && { subsegments: sent }) };
    },
  },
];

function withoutSdk(document: Document): Document {
  const { xray, ...aws } = (document.aws ?? {}) as { xray?: Members };
  if (xray === undefined) return document;
  const { sdk: _sdk, sdk_version: _version, package: _package, ...others } = xray;
  return { ...document, aws: { ...aws, xray: others } };
}

interface Cause {
  readonly id?: string;
  readonly exceptions?: readonly Members[];
}

function exceptionsOf(document: Document): readonly Members[] {
  return (document.cause as Cause | undefined)?.exceptions ?? [];
}

function pointAtException(document: Document, root: Document): Document {
  const { id } = (document.cause ?? {}) as Cause;
  if (id === undefined) return document;
  const failed = all(root).find((each) => each.id === id);
  return { ...document, cause: failed && exceptionsOf(failed)[0]?.id };
}

function withoutStacks(document: Document): Document {
  return withExceptions(document, (exceptions) => exceptions.map(({ stack: _stack, ...each }) => each));
}

function withoutCauses(document: Document): Document {
  return withExceptions(document, (exceptions) => {
    const caused = new Set(exceptions.map(({ cause }) => cause));
    return exceptions.filter(({ id }) => !caused.has(id)).map(({ cause: _cause, ...each }) => each);
  });
}

function withExceptions(document: Document, change: (exceptions: readonly Members[]) => readonly Members[]): Document {
  if (typeof document.cause !== "object") return document;
  return { ...document, cause: { ...document.cause, exceptions: change(exceptionsOf(document)) } };
}

function withUrl(document: Document, change: (url: string) => string): Document {
  return document.namespace === "remote" ? withRequest(document, change) : document;
}

function withRequest(document: Document, change: (url: string) => string): Document {
  const { http } = document;
  if (http?.request === undefined) return document;
  return { ...document, http: { ...http, request: { ...http.request, url: change(String(http.request.url)) } } };
}

function withResponse(document: Document, change: (response: Members) => Members): Document {
  const { http } = document;
  return http?.response === undefined ? document : { ...document, http: { ...http, response: change(http.response) } };
}

function flattened({ subsegments: _subsegments, ...document }: Document): Document {
  const below = all({ subsegments: _subsegments ?? [] }).slice(1);
  return { ...document, subsegments: below.map(({ subsegments: _below, ...each }) => each) };
}

function all(document: Document): Document[] {
  return [document, ...(document.subsegments ?? []).flatMap(all)];
}
