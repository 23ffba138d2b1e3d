import { readSpan, type TimeSpan, writeLast, writeTime } from "../address/time-span.ts";
import type { Own, View } from "../address/view-address.ts";

/** What a comparison is about: two traces, or two sets of them. */
export type Compared =
  | { readonly kind: "traces"; readonly a: string; readonly b: string; readonly order: RowOrder }
  | { readonly kind: "sets"; readonly a: SetSide; readonly b: SetSide };

/** As they happened, or those first whose time differs most. */
export type RowOrder = "tree" | "difference";

/** The traces of one side: those of a time that match a filter. */
export interface SetSide {
  readonly filter: string;
  readonly span: TimeSpan;
}

/** What an address compares. A side of sets that it does not name is what the rest of the console looks at. */
export function readCompared({ own, filter, span }: View): Compared {
  if (own.by !== "sets") {
    return {
      kind: "traces",
      a: own.a ?? "",
      b: own.b ?? "",
      order: own.order === "difference" ? "difference" : "tree",
    };
  }
  const side = (name: "a" | "b"): SetSide => ({
    // A side that says its time has said all: then it has no filter unless it names one.
    filter: own[`filter-${name}`] ?? (own[`time-${name}`] === undefined ? filter : ""),
    span: readTimes(own[`time-${name}`]) ?? span,
  });
  return { kind: "sets", a: side("a"), b: side("b") };
}

/** The members of an address that say it. */
export function writeCompared(compared: Compared): Own {
  if (compared.kind === "traces") {
    return { by: "", a: compared.a, b: compared.b, order: compared.order === "tree" ? "" : compared.order };
  }
  const { a, b } = compared;
  return {
    by: "sets",
    "filter-a": a.filter,
    "time-a": writeTimes(a.span),
    "filter-b": b.filter,
    "time-b": writeTimes(b.span),
  };
}

function readTimes(text: string | undefined): TimeSpan | undefined {
  const [from, to] = text?.split("~") ?? [];
  return to === undefined ? readSpan(from, undefined, undefined) : readSpan(undefined, from, to);
}

function writeTimes(span: TimeSpan): string {
  return span.kind === "last"
    ? writeLast(span.seconds)
    : `${writeTime(span.startSeconds)}~${writeTime(span.endSeconds)}`;
}
