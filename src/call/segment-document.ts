/** A segment document as we write it: X-Ray's member names, absent members left out. Times are epoch seconds. */
export interface SegmentDocument {
  readonly id: string;
  readonly name: string;
  /** Segments, and subsegments that are sent alone. */
  readonly trace_id?: string;
  readonly parent_id?: string;
  readonly type?: "subsegment";
  readonly start_time: number;
  readonly end_time?: number;
  readonly in_progress?: true;
  readonly namespace?: "aws" | "remote";
  readonly origin?: string;
  readonly user?: string;
  readonly http?: HttpDocument;
  readonly sql?: Readonly<Record<string, string>>;
  readonly aws?: Readonly<Record<string, unknown>>;
  readonly service?: Readonly<Record<string, string>>;
  readonly fault?: true;
  readonly error?: true;
  readonly throttle?: true;
  /** An id points at an exception that a subsegment further down has recorded. */
  readonly cause?: CauseDocument | string;
  readonly annotations?: Readonly<Record<string, string | number | boolean>>;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly subsegments?: readonly SegmentDocument[];
}

export interface HttpDocument {
  readonly request?: {
    readonly method?: string;
    readonly url?: string;
    readonly user_agent?: string;
    readonly client_ip?: string;
    readonly x_forwarded_for?: boolean;
  };
  readonly response?: { readonly status?: number; readonly content_length?: number };
}

export interface CauseDocument {
  readonly working_directory: string;
  readonly exceptions: readonly ExceptionDocument[];
}

export interface ExceptionDocument {
  readonly id: string;
  readonly type: string;
  readonly message: string;
  readonly remote: boolean;
  readonly stack: readonly { readonly path: string; readonly line: number; readonly label: string }[];
  /** Frames left out. */
  readonly truncated?: number;
  /** Id of the exception that caused this one. */
  readonly cause?: string;
}
