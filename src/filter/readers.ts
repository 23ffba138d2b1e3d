import type { AnnotationValue } from "../trace/segment.ts";
import type { FlagKeyword, NumberKeyword, TextKeyword } from "./tree.ts";

/**
 * What the keywords mean in one scope. A subject is what the scope's elements are taken from, the index says which one.
 * Values are handed to `accept` until it takes one; absent values are never handed over.
 */
export interface Readers<S> {
  flag(keyword: FlagKeyword): (subject: S, index: number) => boolean;
  number(keyword: NumberKeyword): Reader<S, number>;
  text(keyword: TextKeyword): Reader<S, string>;
  annotation(key: string): Reader<S, AnnotationValue>;
}

export type Reader<S, T> = (subject: S, index: number, accept: (value: T) => boolean) => boolean;

/** Hands the value over if there is one. */
export function acceptValue<T>(value: T | undefined, accept: (value: T) => boolean): boolean {
  return value !== undefined && accept(value);
}

/** Trees come from the parser, which lets no keyword stand where it means nothing. */
export function misplaced(keyword: string): never {
  throw new Error(`The filter's tree is wrong: "${keyword}" cannot stand there. Trees come from parseFilter.`);
}
