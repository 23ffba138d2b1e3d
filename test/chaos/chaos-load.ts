import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import { chance } from "../fixtures/chance.ts";

/** What was sent, kept apart from the program that is tried: trace ids with the ids of their three segments. */
export type Sent = ReadonlyMap<string, readonly string[]>;

const services = ["chaos-web", "chaos-orders", "chaos-stock"] as const;
const perCall = 50;

/**
 * Documents without end: traces of three services, the first segment also while it is in progress, one document in ten
 * twice, all of them shuffled, so that callees come before callers and what is finished before what was begun.
 */
export class ChaosLoad {
  readonly #chance: (limit: number) => number;
  readonly #sent: Map<string, readonly string[]> = new Map();
  #waiting: string[] = [];

  constructor(seed: number) {
    this.#chance = chance(seed);
  }

  /** All whose documents have been handed out. */
  get sent(): Sent {
    return this.#sent;
  }

  /** The next documents, of the present. */
  next(count: number): string[] {
    while (this.#waiting.length < count + 500) this.#makeTrace();
    const taken: string[] = [];
    for (let made = 0; made < count; made += 1) taken.push(this.#takeAny());
    return taken;
  }

  /** What is left, so that every trace is whole. */
  rest(): string[] {
    return this.#waiting.splice(0);
  }

  #takeAny(): string {
    const at = this.#chance(this.#waiting.length);
    const [taken] = this.#waiting.splice(at, 1, this.#waiting.at(-1)!);
    this.#waiting.pop();
    return taken!;
  }

  #makeTrace(): void {
    const now = Date.now() / 1_000;
    const traceId = `1-${Math.floor(now).toString(16).padStart(8, "0")}-${randomBytes(12).toString("hex")}`;
    const ids = services.map(() => randomBytes(8).toString("hex"));
    const calls = services.slice(1).map(() => randomBytes(8).toString("hex"));
    const documents = services.flatMap((name, index) => {
      const own = { name, id: ids[index], trace_id: traceId, start_time: now + index / 100 };
      const parent = index === 0 ? {} : { parent_id: calls[index - 1] };
      const call = {
        id: calls[index],
        name: services[index + 1],
        start_time: now,
        end_time: now + 0.2,
        namespace: "remote",
      };
      const done = { ...own, ...parent, end_time: now + 0.3, ...(index < 2 && { subsegments: [call] }) };
      return index === 0 ? [{ ...own, in_progress: true }, done] : [done];
    });
    for (const document of documents) {
      const text = JSON.stringify(document);
      this.#waiting.push(text);
      if (this.#chance(10) === 0) this.#waiting.push(text);
    }
    this.#sent.set(traceId, ids);
  }
}

/** Posts until the server has taken everything, however often it goes away meanwhile. Rate in documents a second. */
export async function postLoad(
  load: ChaosLoad,
  { url, rate, seconds }: { readonly url: string; readonly rate: number; readonly seconds: number },
): Promise<void> {
  const startMs = performance.now();
  const endMs = startMs + seconds * 1_000;
  let made = 0;
  const worker = async (): Promise<void> => {
    while (performance.now() < endMs) {
      if (made / rate > (performance.now() - startMs) / 1_000) {
        await sleep(5);
        continue;
      }
      made += perCall;
      await postUntilTaken(url, load.next(perCall));
    }
  };
  await Promise.all([worker(), worker(), worker(), worker()]);
  const rest = load.rest();
  for (let at = 0; at < rest.length; at += perCall) await postUntilTaken(url, rest.slice(at, at + perCall));
}

/** A client that does what X-Ray's clients do: tries again what had no answer, or an answer that says so. */
async function postUntilTaken(url: string, documents: readonly string[]): Promise<void> {
  let left = documents;
  while (left.length > 0) {
    const answer = await post(url, "/TraceSegments", { TraceSegmentDocuments: left }).catch(() => undefined);
    const refused = (answer as { UnprocessedTraceSegments?: readonly { Id?: string; ErrorCode: string }[] } | undefined)
      ?.UnprocessedTraceSegments;
    if (refused !== undefined) {
      const again = new Set(refused.map(({ Id }) => Id));
      left = left.filter((text) => again.has((JSON.parse(text) as { id: string }).id));
      const odd = refused.filter(
        ({ ErrorCode }) => !["QueueFull", "StoreFailed", "InternalFailure"].includes(ErrorCode),
      );
      expect(odd, "only what may come again is turned away").toEqual([]);
    }
    if (left.length > 0) await sleep(50);
  }
}

/** Asks the API for everything that was sent, and for the map's own count of it. */
export async function expectAll(url: string, sent: Sent): Promise<void> {
  const ids = [...sent.keys()];
  const [lost, doubled, unfinished]: string[][] = [[], [], []];
  for (let at = 0; at < ids.length; at += 50) {
    const asked = ids.slice(at, at + 50);
    const { Traces } = (await post(url, "/Traces", { TraceIds: asked })) as BatchAnswer;
    const found = new Map(Traces.map((trace) => [trace.Id, trace.Segments]));
    for (const id of asked) {
      const segments = found.get(id)?.filter(({ Document }) => !Document.includes('"inferred":true')) ?? [];
      const there = segments.map((segment) => segment.Id);
      lost!.push(...sent.get(id)!.filter((segment) => !there.includes(segment)));
      doubled!.push(...there.filter((segment, index) => there.indexOf(segment) !== index));
      unfinished!.push(
        ...segments.filter(({ Document }) => Document.includes('"in_progress":true')).map(({ Id }) => Id),
      );
    }
  }
  expect({ lost, doubled, unfinished }).toEqual({ lost: [], doubled: [], unfinished: [] });

  const seconds = ids.map((id) => Number.parseInt(id.slice(2, 10), 16)).toSorted((a, b) => a - b);
  const range = { StartTime: seconds[0]! - 60, EndTime: seconds.at(-1)! + 60 };
  const { Services } = (await post(url, "/ServiceGraph", range)) as GraphAnswer;
  const counts = services.map(
    (name) =>
      Services.find((service) => service.Name === name && service.Type !== "client")?.SummaryStatistics?.TotalCount,
  );
  expect(counts).toEqual(services.map(() => sent.size));
}

interface BatchAnswer {
  readonly Traces: readonly { readonly Id: string; readonly Segments: readonly { Id: string; Document: string }[] }[];
}

interface GraphAnswer {
  readonly Services: readonly {
    readonly Name: string;
    readonly Type?: string;
    readonly SummaryStatistics?: { readonly TotalCount: number };
  }[];
}

async function post(url: string, path: string, body: object): Promise<unknown> {
  const signal = AbortSignal.timeout(30_000);
  const response = await fetch(url + path, { method: "POST", body: JSON.stringify(body), signal });
  if (!response.ok) throw new Error(`HTTP ${response.status}: ${await response.text()}`);
  return response.json();
}
