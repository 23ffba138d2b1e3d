import type { Server } from "../ask/ask-server.ts";
import type { CallOptions, CallResult } from "../call/call.ts";
import type { Assertion } from "./assertions.ts";
import type { LookOptions, ServerOptions, TraceForm } from "./common-options.ts";
import type { CurlOptions } from "./curl-options.ts";
import { exitCodes } from "./exit-codes.ts";
import type { Terminal } from "./terminal.ts";

export interface CallFlags extends CurlOptions, LookOptions, ServerOptions {
  readonly requests?: number;
  readonly concurrency: number;
  readonly name?: string;
  /** What the calls of this run have in common. */
  readonly run?: string;
  readonly daemonAddress?: string;
  /** Seconds. */
  readonly wait: number;
  /** Absent: on a terminal, unless silent. */
  readonly draw?: boolean;
  readonly assert?: readonly Assertion[];
  /** Files and folders. */
  readonly watch?: readonly string[];
  readonly format?: TraceForm;
  readonly ndjson?: boolean;
}

/** A call as the command line asks for it. */
export interface CallOrder {
  readonly url: string;
  readonly options: CallOptions;
  readonly flags: CallFlags;
  /** The text behind -w, read and checked. */
  readonly writeOut?: string;
  readonly output: "body" | "drawing" | "json" | "ndjson" | TraceForm;
}

/** What is known when a call is over, and what is left to do. */
export interface CallScene {
  readonly order: CallOrder;
  readonly result: CallResult;
  /** The beginning of a body that went nowhere else. */
  readonly preview: Uint8Array;
  readonly terminal: Terminal;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  readonly endpoint: string;
  /** The fluoroscope there, if one answers. */
  readonly server: Server | undefined;
}

/** What a call comes to, whoever draws it. */
export function exitCodeOf({ failure, head }: CallResult, { flags }: CallOrder): number {
  if (failure) return exitCodes.unreachable;
  return flags.fail && (head?.status ?? 0) >= 400 ? exitCodes.httpError : exitCodes.ok;
}

/** The call went well, its recording did not. */
export function describeUnrecorded(problem: Error): string {
  return `fluoroscope: The call was made, but could not be recorded: ${problem.message}`;
}
