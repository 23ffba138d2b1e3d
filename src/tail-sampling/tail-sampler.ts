import { StoreError } from "../errors.ts";
import { keepDocuments } from "../store/keep-documents.ts";
import { readDocuments, textOf } from "../store/read-documents.ts";
import { segmentsOf } from "../store/segments-of.ts";
import type { RawDocument, Refusal } from "../store/trace-store.ts";
import { Decider, type Decision } from "./decide.ts";
import { Decisions } from "./decisions.ts";
import type { DecidedTrace, HoldLog, Pack } from "./hold-log.ts";
import type { KeepPolicy } from "./keep-policy.ts";
import { ownPart } from "./own-part.ts";
import { TailCounts, type TailFigures } from "./tail-figures.ts";
import { type Held, type HeldTrace, WaitingRoom, type Waits } from "./waiting-room.ts";

export interface TailSamplerOptions {
  readonly policy: KeepPolicy;
  readonly waits: Waits;
  /** Where what waits lies on disk; absent: in memory only. */
  readonly log?: HoldLog | undefined;
  /** Milliseconds. */
  readonly now: () => number;
}

/** Kept documents on their way to the store, each with the weight of its trace. */
export interface KeptBatch {
  readonly number: number;
  readonly documents: readonly RawDocument[];
  /** There was more to decide or to hand out than one batch takes. */
  readonly hasMore: boolean;
}

interface Kept {
  readonly id: string;
  readonly decision: Decision;
  /** Those that go to the store; superseded ones are left out. */
  readonly documents: readonly Uint8Array[];
  readonly held: readonly Held<Pack>[];
}

/** What one batch takes, and how long deciding may go on while others wait for the thread. */
const batchDocuments = 4_000;
const batchMs = 100;

/**
 * Holds documents until their trace is decided, and hands out those of the traces that are kept. Nothing here waits or asks
 * the time: `decide` is to be called often, and `delivered` when a batch is in the store. Until then the batch is handed out
 * again by the next run.
 */
export class TailSampler {
  readonly #decider: Decider;
  readonly #room: WaitingRoom<Pack>;
  readonly #log: HoldLog | undefined;
  readonly #now: () => number;
  readonly #maxBytes: number;
  readonly #decisions = new Decisions();
  readonly #counts: TailCounts;
  readonly #delivering = new Map<number, readonly Kept[]>();
  /** Decided, but not handed out yet. */
  #ready: Kept[] = [];
  #readyBytes = 0;
  /** Decided, but not noted yet: until then their documents stay on disk. */
  #dropped: DecidedTrace[] = [];
  #droppedPacks: Pack[] = [];
  #batches = 0;

  constructor({ policy, waits, log, now }: TailSamplerOptions) {
    this.#decider = new Decider(policy);
    this.#room = new WaitingRoom(waits);
    this.#counts = new TailCounts(policy);
    this.#log = log;
    this.#now = now;
    this.#maxBytes = waits.maxBytes;
  }

  /** Takes up what an earlier run has left. Those traces wait anew: their senders may have been stopped too. */
  async resume(): Promise<void> {
    if (this.#log === undefined) return;
    for await (const found of this.#log.found()) {
      if ("decided" in found) {
        for (const [id, decision] of found.decided) this.#forget(id, decision);
        continue;
      }
      const { documents, pack } = found;
      const read = this.#read(documents.map((bytes) => ({ bytes })));
      // What cannot be read any more, after an upgrade, is not needed either.
      this.#log.release(pack, documents.length - read.arrived.length);
      this.#admit(read.arrived, pack);
    }
    this.#makeRoom();
  }

  /** Takes documents, and answers each as a store would. Resolves when they are on disk, if they are kept there. */
  async take(documents: readonly RawDocument[]): Promise<readonly (Refusal | undefined)[]> {
    if (this.#readyBytes > this.#maxBytes) throw storeIsSlow();
    const { arrived, outcomes } = this.#read(documents);
    if (arrived.length === 0) return outcomes;
    const pack = (await this.#log?.hold(arrived.map(({ bytes }) => bytes))) ?? { ticket: undefined, left: 0 };
    this.#admit(arrived, pack);
    this.#makeRoom();
    return outcomes;
  }

  /** Decides what has waited enough, or with `all` whatever waits, and hands out a batch of what is kept. */
  async decide({ all = false }: { readonly all?: boolean } = {}): Promise<KeptBatch> {
    const startMs = performance.now();
    let isOver = false;
    for (const trace of all ? this.#room.all() : this.#room.due(this.#now())) {
      this.#settle(trace);
      isOver = performance.now() - startMs > batchMs;
      if (isOver) break;
    }
    await this.#noteDropped();
    const batch = this.#takeReady();
    const number = ++this.#batches;
    if (batch.length > 0) this.#delivering.set(number, batch);
    const documents = batch.flatMap(({ documents, decision: { weight } }) =>
      documents.map((bytes) => ({ bytes, weight })),
    );
    return { number, documents, hasMore: isOver || this.#ready.length > 0 };
  }

  /** The batch is in the store: it is not needed here any more. */
  async delivered(number: number): Promise<void> {
    const batch = this.#delivering.get(number);
    if (batch === undefined) return;
    await this.#log?.note(batch.map(({ id, decision }) => [id, decision] as const));
    this.#delivering.delete(number);
    for (const { held } of batch) {
      this.#counts.kept += held.length;
      for (const { bytes, pack } of held) {
        this.#readyBytes -= bytes.length;
        this.#log?.release(pack);
      }
    }
  }

  figures(): TailFigures {
    const { traces, bytes } = this.#room;
    return this.#counts.figures({ traces, bytes: bytes + this.#readyBytes });
  }

  /** What still waits stays on disk. */
  async close(): Promise<void> {
    await this.#log?.close();
  }

  #read(documents: readonly RawDocument[]): { arrived: Arrived[]; outcomes: (Refusal | undefined)[] } {
    const outcomes = new Array<Refusal | undefined>(documents.length).fill(undefined);
    const arrived: Arrived[] = [];
    for (const [id, read] of readDocuments(documents, outcomes)) {
      // Copies: a view would hold the whole batch in memory as long as the last of its traces waits.
      for (const { text } of read) arrived.push({ id, bytes: Buffer.from(ownPart(text, id)) });
    }
    return { arrived, outcomes };
  }

  #admit(arrived: readonly Arrived[], pack: Pack): void {
    const nowMs = this.#now();
    const late = new Map<string, Held<Pack>[]>();
    for (const { id, bytes } of arrived) {
      const held = { bytes, pack };
      this.#counts.taken += 1;
      if (this.#decisions.get(id) === undefined) this.#room.add(id, held, nowMs);
      else late.set(id, [...(late.get(id) ?? []), held]);
    }
    for (const [id, held] of late) this.#settleLate(id, held, this.#decisions.get(id)!);
  }

  #makeRoom(): void {
    for (const trace of this.#room.tooMany()) {
      this.#counts.earlyTraces += 1;
      this.#settle(trace);
    }
  }

  #settle({ id, documents: held }: HeldTrace<Pack>): void {
    const trace = readHeld(id, held);
    const decision = this.#decider.decide(id, trace.segments);
    this.#counts.decided(decision);
    this.#decisions.set(id, decision);
    this.#carryOut(id, decision, held, trace.documents);
  }

  /** What comes late follows its trace; if a rule matches it, the trace is kept from here on, for itself alone. */
  #settleLate(id: string, held: readonly Held<Pack>[], before: Decision): void {
    this.#counts.late += held.length;
    const trace = readHeld(id, held);
    const isKeptWhole = before.weight === 1 && before.rule !== undefined;
    const found = isKeptWhole ? undefined : this.#decider.byRule(id, trace.segments);
    const rescues = found !== undefined && found.weight > 0 && (before.weight === 0 || found.weight < before.weight);
    if (rescues) {
      this.#counts.rescuedTraces += 1;
      this.#decisions.set(id, found);
    }
    this.#carryOut(id, rescues ? found : before, held, trace.documents);
  }

  #carryOut(id: string, decision: Decision, held: readonly Held<Pack>[], documents: readonly Uint8Array[]): void {
    if (decision.weight > 0) {
      this.#ready.push({ id, decision, documents, held });
      for (const { bytes } of held) this.#readyBytes += bytes.length;
    } else {
      this.#counts.dropped += held.length;
      this.#dropped.push([id, decision]);
      for (const { pack } of held) this.#droppedPacks.push(pack);
    }
  }

  /** The note comes first: should the process end between the two, the trace is decided once all the same. */
  async #noteDropped(): Promise<void> {
    if (this.#dropped.length === 0 || this.#log === undefined) {
      this.#dropped = [];
      this.#droppedPacks = [];
      return;
    }
    const [noted, packs] = [this.#dropped, this.#droppedPacks];
    this.#dropped = [];
    this.#droppedPacks = [];
    try {
      await this.#log.note(noted);
    } catch (error) {
      this.#dropped.unshift(...noted);
      this.#droppedPacks.unshift(...packs);
      throw error;
    }
    for (const pack of packs) this.#log.release(pack);
  }

  #takeReady(): readonly Kept[] {
    let [traces, documents] = [0, 0];
    while (traces < this.#ready.length && documents < batchDocuments) {
      documents += this.#ready[traces]!.documents.length;
      traces += 1;
    }
    const batch = this.#ready.slice(0, traces);
    this.#ready = this.#ready.slice(traces);
    return batch;
  }

  /** An earlier run had decided this trace: what came before is where it belongs. */
  #forget(id: string, decision: Decision): void {
    this.#decisions.set(id, decision);
    const done = this.#room.take(id)?.documents ?? [];
    this.#counts.taken -= done.length;
    for (const { pack } of done) this.#log?.release(pack);
  }
}

interface Arrived {
  readonly id: string;
  readonly bytes: Uint8Array;
}

/** The segments that a trace has by these documents, and the documents that it needs for them. */
function readHeld(id: string, held: readonly Held<Pack>[]) {
  const arrived = held.map(({ bytes }) => {
    const text = textOf(bytes);
    return { text, segments: segmentsOf(text, id), bytes };
  });
  const kept = keepDocuments<(typeof arrived)[number]>([], arrived);
  return { segments: kept?.segments ?? [], documents: kept?.documents.map(({ bytes }) => bytes) ?? [] };
}

const storeIsSlow = (): StoreError =>
  new StoreError(
    "FLUORO_STORE_WRITE",
    "What tail sampling has kept waits for the store, and there is no room for more (see --hold-bytes). It is tried again.",
    { retryable: true },
  );
