import type { DigestSegment, TraceDigest } from "../trace/digest.ts";
import type { NodeId } from "../trace/trace.ts";
import { shortUrl } from "./short-url.ts";

/** By what the services of a map are told apart further. */
export type Split = "operation" | "environment";

/** More parts of one service than this would hide it: what comes after them is one part. */
const mostParts = 24;
const otherPart = "other";

/**
 * Tells services apart by operation or by environment, trace after trace: the digests that it makes have a node for each
 * part, so that any graph folded from them has one too. Parts of the same service belong together; `partOf` says which.
 */
export class ServiceSplitter {
  readonly #split: Split;
  readonly #parts = new Map<string, { name: string; part: string }>();
  /** By node, the parts that it has so far. */
  readonly #known = new Map<string, Set<string>>();

  constructor(split: Split) {
    this.#split = split;
  }

  /** The digest with a node for each part. */
  split(digest: TraceDigest): TraceDigest {
    const parts = this.#split === "operation" ? digest.segments.map(operationOf) : environmentsOf(digest);
    const nodes = [...digest.nodes];
    const indexes = new Map<string, number>();
    const segments = digest.segments.map((segment, at): DigestSegment => {
      const part = parts[at];
      if (part === undefined) return segment;
      const id = this.#partOf(digest.nodes[segment.node]!, part);
      const key = `${segment.node} ${id.name}`;
      let node = indexes.get(key);
      if (node === undefined) {
        node = nodes.push(id) - 1;
        indexes.set(key, node);
      }
      return { ...segment, node };
    });
    return { ...digest, nodes, segments };
  }

  /** What a node of a split graph is called, and which part of it it is. */
  partOf(name: string): { readonly name: string; readonly part?: string } {
    return this.#parts.get(name) ?? { name };
  }

  #partOf(node: NodeId, wanted: string): NodeId {
    const key = JSON.stringify([node.name, node.type, node.accountId]);
    const known = this.#known.get(key) ?? new Set();
    this.#known.set(key, known);
    const part = known.has(wanted) || known.size < mostParts ? wanted : otherPart;
    known.add(part);
    // No SDK lets this character through in a name.
    const name = `${node.name}\u{1f}${part}`;
    this.#parts.set(name, { name: node.name, part });
    return { ...node, name };
  }
}

/**
 * What was asked of a service, as `GET /orders/{id}`: method and path, with what is different each time left out.
 * `undefined` where no request came in.
 */
export function operationOf({ http, inferred }: Pick<DigestSegment, "http" | "inferred">): string | undefined {
  if (inferred || http === undefined) return undefined;
  const { method, url } = http;
  if (url === undefined) return method?.toUpperCase();
  const [path = "/"] = shortUrl(url).split(/[?#;]/, 1);
  const shape = path
    .split("/")
    .map((step) => (isVarying(step) ? "{id}" : step))
    .join("/")
    .slice(0, 120);
  return `${method === undefined ? "" : `${method.toUpperCase()} `}${shape === "" ? "/" : shape}`;
}

/** Numbers, UUIDs, hashes, and other long mixtures of letters and digits. */
function isVarying(step: string): boolean {
  return (
    /^\d+$/.test(step) ||
    /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i.test(step) ||
    (/^[0-9a-f]{8,}$/i.test(step) && /\d/.test(step)) ||
    (step.length >= 20 && /\d/.test(step) && /[a-z]/i.test(step))
  );
}

/** Annotations that say where a service runs, the surest first. */
const environmentKeys = [
  "environment",
  "env",
  "deployment.environment.name",
  "deployment.environment",
  "deployment_environment_name",
  "deployment_environment",
  "stage",
];

/** Each segment's own environment, or else that of its caller. */
function environmentsOf({ segments, calls }: TraceDigest): (string | undefined)[] {
  const found = segments.map(({ annotations }) => {
    for (const key of environmentKeys) {
      const value = annotations.find(([each]) => each === key)?.[1];
      if (value !== undefined && value !== "") return String(value);
    }
    return undefined;
  });
  const callers = new Map(calls.map(({ from, to }) => [to, from]));
  const seen = new Set<number>();
  const resolve = (segment: number): string | undefined => {
    const caller = callers.get(segment);
    if (found[segment] !== undefined || caller === undefined || seen.has(segment)) return found[segment];
    seen.add(segment);
    found[segment] = resolve(caller);
    return found[segment];
  };
  segments.forEach((_, segment) => {
    resolve(segment);
  });
  return found;
}
