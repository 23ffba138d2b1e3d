import { type Context, diag, TraceFlags } from "@opentelemetry/api";
import type { Span } from "../otel/span.ts";
import { spansToDocuments } from "../otel/spans-to-documents.ts";
import { scrubDocument } from "../trace/scrub.ts";
import { parseDaemonAddress } from "../xray/daemon-address.ts";
import { callerOf } from "./caller.ts";
import type { EndedSpan } from "./ended-span.ts";
import { isLambda } from "./lambda.ts";
import { LocalTrees, type Tree } from "./local-trees.ts";
import type { Privacy } from "./privacy.ts";
import { quickDocument } from "./quick-document.ts";
import { toOtelRequest } from "./to-otel-request.ts";
import { toOtelSpan } from "./to-otel-span.ts";
import { type SenderFigures, UdpSender } from "./udp-sender.ts";

export interface XRaySpanProcessorOptions extends Partial<Privacy> {
  /** `AWS_XRAY_DAEMON_ADDRESS` unless told otherwise, and 127.0.0.1:2000 without that. */
  readonly daemonAddress?: string;
  /** A segment with more finished subsegments than this sends them before it ends. */
  readonly streamingThreshold?: number;
  /** After so long, a segment that has not ended tells that it is under way, and sends what has. */
  readonly inProgressAfterMs?: number;
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** Where a daemon listens when nothing else is said. */
export const defaultDaemonAddress = "127.0.0.1:2000";

/**
 * Sends each local root, with all that happened below it in this process, as one segment document to an X-Ray daemon.
 * Fits any trace SDK of OpenTelemetry. Never throws into the application, and keeps no process alive.
 * @example
 * new BasicTracerProvider({ spanProcessors: [new XRaySpanProcessor()] });
 */
export class XRaySpanProcessor {
  readonly #sender: UdpSender;
  readonly #trees: LocalTrees;
  readonly #privacy: Privacy;
  readonly #isLambda: boolean;
  readonly #inProgressAfterMs: number;
  #timer: NodeJS.Timeout | undefined;

  /** Throws `FLUORO_BAD_DAEMON_ADDRESS` for an address that is none. */
  constructor(options: XRaySpanProcessorOptions = {}) {
    const environment = options.environment ?? process.env;
    const address = environment.AWS_XRAY_DAEMON_ADDRESS ?? options.daemonAddress ?? defaultDaemonAddress;
    this.#sender = new UdpSender(parseDaemonAddress(address).udp);
    this.#isLambda = isLambda(environment);
    this.#privacy = {
      captureQuery: options.captureQuery ?? false,
      captureSql: options.captureSql ?? isOn(environment.AWS_XRAY_COLLECT_SQL_QUERIES),
    };
    this.#inProgressAfterMs = options.inProgressAfterMs ?? 10_000;
    const streamingThreshold = options.streamingThreshold ?? (this.#isLambda ? 0 : 100);
    this.#trees = new LocalTrees({ streamingThreshold, send: (tree, spans) => this.#send(tree, spans, false) });
  }

  /** What has been sent, and what was lost. */
  get figures(): SenderFigures {
    return this.#sender.figures;
  }

  onStart(span: EndedSpan, parentContext: Context): void {
    if ((span.spanContext().traceFlags & TraceFlags.SAMPLED) === 0) return;
    const isParentMadeUp =
      span.parentSpanContext?.isRemote === true && callerOf(parentContext)?.isParentMadeUp === true;
    this.#trees.open(span, performance.now(), isParentMadeUp);
    if (this.#timer === undefined) this.#watch();
  }

  onEnd(span: EndedSpan): void {
    this.#trees.close(span);
  }

  /** Sends what has ended, and tells of what has not. All of it has been handed to the system when this returns. */
  flush(): void {
    this.#announce(Number.POSITIVE_INFINITY);
  }

  /** `flush`, as trace SDKs want it. */
  async forceFlush(): Promise<void> {
    this.flush();
  }

  async shutdown(): Promise<void> {
    this.flush();
    clearInterval(this.#timer);
    this.#sender.close();
  }

  #watch(): void {
    const everyMs = Math.max(10, this.#inProgressAfterMs / 2);
    this.#timer = setInterval(() => this.#announce(performance.now() - this.#inProgressAfterMs), everyMs);
    this.#timer.unref();
  }

  /** Sends what has ended below the segments that began before a time, and once that they are under way. */
  #announce(startedBeforeMs: number): void {
    for (const tree of this.#trees.startedBefore(startedBeforeMs)) {
      const spans = this.#trees.takeFinished(tree);
      if (spans.length > 0) this.#send(tree, spans, false);
      if (!tree.isAnnounced && !tree.isRootEnded && !this.#isLambda) this.#send(tree, [tree.root], true);
      tree.isAnnounced = true;
    }
  }

  #send(tree: Tree, ended: readonly EndedSpan[], isInProgress: boolean): void {
    try {
      const quick = isInProgress || this.#isLambda ? undefined : quickDocument(ended, tree, this.#privacy);
      if (quick !== undefined) {
        this.#sender.send(scrubDocument(quick));
        return;
      }
      const groups = toOtelRequest(ended, (span) => this.#toOtel(span, tree, isInProgress));
      for (const { text } of spansToDocuments(groups).documents) this.#sender.send(scrubDocument(text));
    } catch (error) {
      // A defect of ours must not become one of the application.
      diag.error("fluoroscope-sdk: a span could not be sent", error);
    }
  }

  #toOtel(span: EndedSpan, tree: Tree, isInProgress: boolean): Span {
    return toOtelSpan(span, {
      privacy: this.#privacy,
      isParentMadeUp: span === tree.root && tree.isParentMadeUp,
      isWithinParent: this.#isLambda,
      isInProgress,
    });
  }
}

/** As X-Ray's SDK reads it: anything turns it on. `false` would be misread so, and is taken as it is meant. */
function isOn(text: string | undefined): boolean {
  return text !== undefined && text !== "" && text.toLowerCase() !== "false";
}
