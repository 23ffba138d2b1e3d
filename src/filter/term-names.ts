import type { NodeMatch } from "../graph/node-match.ts";
import type { AnnotationValue } from "../trace/segment.ts";

/** What terms are of. */
export type TermKind =
  | ("textAnnotation" | "numberAnnotation" | "booleanAnnotation" | "key" | "user" | "hasUser" | "arn")
  | ("name" | "type" | "account" | "url" | "method" | "client" | "status" | "class" | "responsetime" | "duration")
  | ("ok" | "error" | "fault" | "throttle" | "partial" | "faultAt" | "errorAt" | "faultCause" | "errorCause");

/**
 * The character that says what a term is of: the shorter terms are, the sooner they are hashed. They stand in the order of
 * how few traces are likely to have such a term.
 */
export const termMarks: Readonly<Record<TermKind, string>> = {
  textAnnotation: "a",
  numberAnnotation: "b",
  booleanAnnotation: "c",
  url: "d",
  user: "e",
  arn: "f",
  client: "h",
  faultAt: "i",
  errorAt: "j",
  account: "k",
  name: "l",
  type: "m",
  status: "n",
  responsetime: "o",
  duration: "p",
  faultCause: "q",
  errorCause: "r",
  fault: "s",
  throttle: "t",
  partial: "u",
  error: "v",
  class: "w",
  key: "x",
  method: "y",
  hasUser: "z",
  ok: "A",
};

/** A term: all that an index knows of a trace is which of these it has. Those of annotations have their keys as well. */
export function term(kind: TermKind, value = "", key?: string): string {
  return key === undefined ? `${termMarks[kind]}${value}` : `${termMarks[kind]}${key}=${value}`;
}

/** The type is a part of it: the number 31 is not the text "31". */
export function annotationKind(value: AnnotationValue): TermKind {
  return typeof value === "string"
    ? "textAnnotation"
    : typeof value === "number"
      ? "numberAnnotation"
      : "booleanAnnotation";
}

/** Times of a trace in ranges that double, from a millisecond to a day: the last has all that is longer. */
export function timeRangeOf(seconds: number): number {
  const millis = Math.round(seconds * 1000);
  if (millis >= 2 ** 26) return longestRange;
  return millis < 1 ? 0 : 32 - Math.clz32(millis);
}

/** Hundreds of a status: 4 for 404. */
export function statusClassOf(status: number): number {
  return Math.max(0, Math.min(highestClass, Math.floor(status / 100)));
}

/** The last of the ranges, and of the classes. */
export const longestRange = 27;
export const highestClass = 9;

/** One for each part of an id that a node of the trace must have; a client, or being without a type, is not among them. */
export function nodeTerms({ name, type, accountId }: NodeMatch): string[] {
  return [
    ...(name === undefined ? [] : [term("name", name)]),
    ...(type === undefined || type === "" || type === "client" ? [] : [term("type", type)]),
    ...(accountId === undefined ? [] : [term("account", accountId)]),
  ];
}

/** How many traces a term is likely to let through, as an order. */
export function commonness(of: string): number {
  return byRarity.indexOf(of[0]!);
}

const byRarity: string = Object.values(termMarks).join("");
