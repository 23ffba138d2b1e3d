import { type Log, silentLog } from "../log.ts";
import type { Problem } from "../trace/problem.ts";
import type { Encoding, Translated } from "./translate.ts";
import { TranslateThread } from "./translate-thread.ts";

/** Where documents go: the one door of fluoroscope (`Ingest`). */
export interface Door {
  /** Resolves when they are on disk: one outcome per document, in order. */
  acceptAll(documents: readonly Uint8Array[], source: string): Promise<readonly (Refused | undefined)[]>;
  /** Counts and keeps what was found wrong before it was a document. */
  refuse(problem: Problem, bytes: Uint8Array, source: string): void;
}

interface Refused {
  readonly problem: Problem;
}

/** What a request came by: the source that problems name. */
export type OtlpSource = "otlp-http" | "otlp-grpc";

/** What became of a request. */
export type Taken =
  /** On disk, but for the spans that were rejected; `message` says why those were. */
  | { readonly kind: "taken"; readonly rejectedSpans: number; readonly message: string }
  | { readonly kind: "undecodable"; readonly message: string }
  /** Nothing is wrong with the request: it should be sent again. */
  | { readonly kind: "full" | "failed"; readonly message: string; readonly retrySeconds: number };

/** Since the start. `requests` are counted by what became of them. */
export interface OtlpFigures {
  readonly requests: Readonly<Record<Taken["kind"], number>>;
  readonly spans: number;
  readonly rejectedSpans: number;
}

/** Bodies that are being received, translated and written may take as much together. */
const maxBytesUnderWay = 64 * 2 ** 20;
/** The queue is written several times a second; a store that fails takes longer to mend. */
const fullSeconds = 1;
const failedSeconds = 5;
/** Of what cannot be read, as much is kept to be shown. */
const shownBytes = 2048;

/** Takes OpenTelemetry's requests from whatever they come by, translates them, and brings them to the door. */
export class OtlpIntake {
  readonly #door: Door;
  readonly #log: Log;
  readonly #thread: TranslateThread = new TranslateThread();
  readonly #requests = { taken: 0, undecodable: 0, full: 0, failed: 0 };
  #spans = 0;
  #rejectedSpans = 0;
  #bytesUnderWay = 0;

  constructor(door: Door, log: Log = silentLog) {
    this.#door = door;
    this.#log = log;
  }

  /** Whether there is room for more bytes of bodies. If so they must be released again. */
  reserve(bytes: number): boolean {
    if (this.#bytesUnderWay + bytes > maxBytesUnderWay) return false;
    this.#bytesUnderWay += bytes;
    return true;
  }

  release(bytes: number): void {
    this.#bytesUnderWay -= bytes;
  }

  /** What a request is told for which there is no room. */
  turnAway(): Taken {
    this.#requests.full += 1;
    return { kind: "full", message: "Too much is coming in at once.", retrySeconds: fullSeconds };
  }

  /** Resolves when the spans are on disk, and never rejects. The bytes are handed over. */
  async take(bytes: Uint8Array, encoding: Encoding, source: OtlpSource): Promise<Taken> {
    const head = new Uint8Array(bytes.subarray(0, shownBytes));
    const taken = await this.#take(bytes, encoding, source, head).catch((error: unknown) => this.#failed(error));
    this.#requests[taken.kind] += 1;
    return taken;
  }

  figures(): OtlpFigures {
    return { requests: { ...this.#requests }, spans: this.#spans, rejectedSpans: this.#rejectedSpans };
  }

  async close(): Promise<void> {
    await this.#thread.close();
  }

  async #take(bytes: Uint8Array, encoding: Encoding, source: OtlpSource, head: Uint8Array): Promise<Taken> {
    const translated = await this.#thread.translate(bytes, encoding);
    if (translated.kind === "undecodable") {
      const message = `This is no trace request in ${encoding === "json" ? "OTLP's JSON" : "protobuf"}: ${translated.reason}.`;
      this.#door.refuse({ code: "InvalidOtlp", path: "", message }, legible(head, encoding), source);
      return { kind: "undecodable", message };
    }
    const outcomes = await this.#door.acceptAll(translated.documents, source);
    const problems = outcomes.map((outcome) => outcome?.problem);
    const turnedAway = problems.find((problem) => problem?.code === "QueueFull");
    if (turnedAway !== undefined) return { kind: "full", message: turnedAway.message, retrySeconds: fullSeconds };
    const notWritten = problems.find((problem) => problem?.code === "StoreFailed");
    if (notWritten !== undefined) return { kind: "failed", message: notWritten.message, retrySeconds: failedSeconds };
    return this.#count(translated, problems, source);
  }

  #failed(error: unknown): Taken {
    this.#log.error({ error: error instanceof Error ? error.stack : String(error) }, "taking spans failed");
    return { kind: "failed", message: "The spans could not be taken.", retrySeconds: failedSeconds };
  }

  #count(
    { spans, refused }: Extract<Translated, { kind: "documents" }>,
    problems: readonly (Problem | undefined)[],
    source: OtlpSource,
  ): Taken {
    for (const { problem, bytes } of refused) this.#door.refuse(problem, bytes, source);
    const all = spans.reduce((sum, count) => sum + count, refused.length);
    const rejected = problems.reduce((sum, problem, at) => sum + (problem ? spans[at]! : 0), refused.length);
    this.#spans += all;
    this.#rejectedSpans += rejected;
    const first = refused[0]?.problem ?? problems.find((problem) => problem !== undefined);
    const message = first === undefined ? "" : `${rejected} of ${all} spans were rejected. The first: ${first.message}`;
    return { kind: "taken", rejectedSpans: rejected, message };
  }
}

/** Problems are shown as text. */
function legible(head: Uint8Array, encoding: Encoding): Uint8Array {
  return encoding === "json" ? head : Buffer.from(Buffer.from(head).toString("base64"));
}
