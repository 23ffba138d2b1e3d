import { requiredTerms } from "../../filter/terms.ts";
import type { Filter } from "../../filter/tree.ts";
import { traceKey } from "../embedded/trace-key.ts";
import type { TracePlace, TraceRange } from "../trace-in-range.ts";
import { type SchemaOptions, tableIn } from "./schema.ts";
import { hoursOf, withStrays } from "./trace-hour.ts";
import { exactly } from "./trace-ids.ts";
import { termHash } from "./trace-rows.ts";

/** Which rows of `traces` a statement is about; in words of SQL. */
export interface TraceSelection {
  readonly hours: string;
  /** What must hold beside; all of it. */
  readonly conditions: readonly string[];
  /** Whether that lets few through. */
  readonly isPicky: boolean;
  /** Whether nothing but a graph is made of them: that takes half of what there is to read. */
  readonly forFigures?: boolean | undefined;
  /** `id_seconds` or `start`: newest first by it. */
  readonly order?: "id_seconds" | "start";
  readonly limit?: number;
}

/**
 * The statement that answers the digests of the newest versions. What picks a few rows among many is found first, by the
 * narrow columns: digests are most of what is in the table. On a cluster each shard does that with its own rows, since a
 * trace is on one of them whole.
 */
export function selectDigests(schema: SchemaOptions, selection: TraceSelection): string {
  const { hours, conditions, isPicky, forFigures = false, order, limit } = selection;
  const table = `${tableIn(schema, "traces")} FINAL`;
  const where = [hours, ...conditions].join(" AND ");
  const sorted = order === undefined ? "" : ` ORDER BY ${order} DESC, trace DESC`;
  const bounded = limit === undefined ? "" : ` LIMIT ${limit}`;
  const settings = " SETTINGS use_skip_indexes_if_final = 1, use_skip_indexes_if_final_exact_mode = 1";
  const digest = forFigures ? "figures" : "concat(figures, details)";
  if (!isPicky) return `SELECT ${digest} FROM ${table} WHERE ${where}${settings}`;
  const keys = `SELECT hour, trace FROM ${table} WHERE ${where}${sorted}${bounded}`;
  const local = ", distributed_product_mode = 'local'";
  return `SELECT ${digest} FROM ${table} WHERE (hour, trace) IN (${keys})${sorted}${bounded}${settings}${local}`;
}

/** What the terms of every trace that matches must hold: as many conditions as there are clauses. */
export function termConditions(filter: Filter | undefined): string[] {
  if (filter === undefined) return [];
  return requiredTerms(filter).map((terms) => `hasAny(terms, [${terms.map(termHash).join(",")}])`);
}

/** What holds of the traces in a range of that type; for `Service` of more than those. */
export function rangeConditions({ startSeconds, endSeconds, rangeType }: TraceRange): string[] {
  const [start, end] = [exactly(startSeconds), exactly(endSeconds)];
  switch (rangeType) {
    case "TraceId":
      return [`id_seconds >= ${start}`, `id_seconds < ${end}`];
    case "Event":
      return [`start < ${end}`, `end >= ${start}`];
    case "Service":
      return countingConditions({ startSeconds, endSeconds });
  }
}

/** What holds of the traces of which something counts in the range. */
export function countingConditions({
  startSeconds,
  endSeconds,
}: Pick<TraceRange, "startSeconds" | "endSeconds">): string[] {
  return [`from < ${exactly(endSeconds)}`, `until >= ${exactly(startSeconds)}`];
}

/** The place by which traces of a type of range are ordered. */
export const placeColumn = (rangeType: TraceRange["rangeType"]): "id_seconds" | "start" =>
  rangeType === "TraceId" ? "id_seconds" : "start";

/** What holds of those behind a place. */
export function behind({ seconds, id }: TracePlace, column: "id_seconds" | "start"): string {
  const key = `unhex('${Buffer.from(traceKey(id)).toString("hex")}')`;
  const value = exactly(seconds);
  return `(${column} < ${value} OR (${column} = ${value} AND trace < ${key}))`;
}

/** Rows of `traces` by the hour they stand under, the newest first; superseded ones count too. */
export const selectHours = (schema: SchemaOptions, range: Pick<TraceRange, "startSeconds" | "endSeconds">): string =>
  `SELECT hour, count() FROM ${tableIn(schema, "traces")} WHERE ${withStrays(hoursOf(range))} GROUP BY hour ORDER BY hour DESC`;
