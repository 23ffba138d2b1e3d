import type { TraceDigest } from "../trace/digest.ts";
import type { AnnotationValue, Http } from "../trace/segment.ts";
import { type Facet, FacetCounter } from "./facet.ts";
import type { Outcome } from "./heatmap.ts";

/** Which values to look for: those of a keyword of filter expressions that contain a text. */
export interface ValueSearch {
  readonly keyword: string;
  /** In any case of its letters; empty: all. */
  readonly contains: string;
}

/** Whether the values of a keyword can be looked for. */
export function isSearchable(keyword: string): boolean {
  return readerOf(keyword) !== undefined;
}

/** Counts the values of one keyword. */
export class ValueSearcher {
  readonly #counter: FacetCounter;
  readonly #read: ReadValues | undefined;
  readonly #contains: string;
  #number = 0;

  constructor({ keyword, contains }: ValueSearch) {
    this.#counter = new FacetCounter("annotation", keyword);
    this.#read = readerOf(keyword);
    this.#contains = contains.toLowerCase();
  }

  add(digest: TraceDigest, outcome: Outcome): void {
    const { weight = 1 } = digest;
    const trace = { number: this.#number++, fails: outcome !== "ok", weight };
    this.#read?.(digest, (value) => {
      if (value === undefined || !String(value).toLowerCase().includes(this.#contains)) return;
      this.#counter.add(trace, { value });
    });
  }

  facet(most: number): Facet {
    return this.#counter.facet(most);
  }
}

type ReadValues = (digest: TraceDigest, take: (value: AnnotationValue | undefined) => void) => void;

function readerOf(keyword: string): ReadValues | undefined {
  if (keyword.startsWith("annotation.")) return annotationValues(keyword.slice("annotation.".length));
  switch (keyword) {
    case "annotation":
      return ({ segments }, take) => {
        for (const { annotations } of segments) for (const [key] of annotations) take(key);
      };
    case "service":
    case "name":
      return ({ nodes }, take) => {
        for (const { name } of nodes) take(name);
      };
    case "type":
      return ({ nodes }, take) => {
        for (const { type } of nodes) take(type);
      };
    case "user":
      return ({ segments }, take) => {
        for (const { user } of segments) take(user);
      };
    case "instance.id":
      return ({ segments }, take) => {
        for (const { instanceId } of segments) take(instanceId);
      };
    case "availabilityzone":
      return ({ segments }, take) => {
        for (const { availabilityZone } of segments) take(availabilityZone);
      };
    case "resource.arn":
      return ({ segments }, take) => {
        for (const { resourceArns = [] } of segments) for (const arn of resourceArns) take(arn);
      };
    case "message":
      return ({ faultCauses, errorCauses }, take) => {
        for (const { services } of [...faultCauses, ...errorCauses]) {
          for (const { message } of services.flatMap(({ entities }) => entities).flatMap((each) => each.exceptions)) {
            take(message);
          }
        }
      };
    default:
      return httpValues(keyword);
  }
}

const annotationValues =
  (wanted: string): ReadValues =>
  ({ segments }, take) => {
    for (const { annotations } of segments) for (const [key, value] of annotations) if (key === wanted) take(value);
  };

const httpMembers: Readonly<Record<string, keyof Http>> = {
  "http.url": "url",
  "http.method": "method",
  "http.useragent": "userAgent",
  "http.clientip": "clientIp",
  "http.status": "status",
};

function httpValues(keyword: string): ReadValues | undefined {
  const isAny = keyword.startsWith("any.");
  const member = httpMembers[isAny ? keyword.slice("any.".length) : keyword];
  if (member === undefined) return undefined;
  if (!isAny) {
    return ({ entry, segments }, take) => {
      if (entry !== undefined) take(segments[entry]!.http?.[member]);
    };
  }
  return ({ segments, calls }, take) => {
    for (const { http } of segments) take(http?.[member]);
    for (const { http } of calls) take(http?.[member]);
  };
}
