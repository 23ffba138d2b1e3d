import { FluoroscopeError } from "../errors.ts";
import { type CallFigures, type CallOutcome, percentileOf } from "./call-figures.ts";
import { nearest } from "./nearest.ts";

/** What `--assert` wants of one or many calls: `p95<300ms`, `faults==0`, `failures<=1%`. */
export interface Assertion {
  readonly text: string;
  readonly metric: string;
  readonly operator: Operator;
  /** Milliseconds, a count, a share from 0 to 1, or a rate, as the metric has it. */
  readonly limit: number;
  readonly unit: Unit;
}

/** What became of an assertion. */
export interface Verdict {
  readonly assertion: Assertion;
  readonly isMet: boolean;
  /** Absent when there was nothing to measure, as the time of a call that got no answer. */
  readonly value?: number;
}

type Unit = "time" | "number" | "share" | "rate";

type Operator = "<=" | ">=" | "==" | "!=" | "<" | ">";

const operators: Readonly<Record<Operator, (value: number, limit: number) => boolean>> = {
  "<=": (value, limit) => value <= limit,
  ">=": (value, limit) => value >= limit,
  "==": (value, limit) => value === limit,
  "!=": (value, limit) => value !== limit,
  "<": (value, limit) => value < limit,
  ">": (value, limit) => value > limit,
};

interface Metric {
  readonly kind: "time" | "count" | "rate" | "status";
  /** All of them have to fit. */
  readonly read: (outcomes: readonly CallOutcome[], figures: CallFigures) => readonly number[];
}

const counting = (isOne: (outcome: CallOutcome) => boolean): Metric => ({
  kind: "count",
  read: (outcomes) => [outcomes.filter(isOne).length],
});

const metrics: Readonly<Record<string, Metric>> = {
  time: { kind: "time", read: (_, { ms }) => (ms ? [ms.max] : []) },
  min: { kind: "time", read: (_, { ms }) => (ms ? [ms.min] : []) },
  max: { kind: "time", read: (_, { ms }) => (ms ? [ms.max] : []) },
  mean: {
    kind: "time",
    read: (outcomes) =>
      outcomes.length === 0 ? [] : [outcomes.reduce((sum, { ms }) => sum + ms, 0) / outcomes.length],
  },
  rate: { kind: "rate", read: (_, { callsPerSecond }) => [callsPerSecond] },
  status: { kind: "status", read: (outcomes) => outcomes.map(({ status = 0 }) => status) },
  calls: counting(() => true),
  failures: counting(({ failure, status = 0 }) => failure !== undefined || status >= 400),
  faults: counting(({ failure, status = 0 }) => failure !== undefined || status >= 500),
  errors: counting(({ status = 0 }) => status >= 400 && status < 500),
  throttles: counting(({ status = 0 }) => status === 429),
};

const example = "Write it as 'p95<300ms', 'faults==0' or 'failures<1%'.";

/** Reads what stands behind `--assert`. Throws `FLUORO_BAD_CONFIG` for what cannot be read. */
export function readAssertion(text: string): Assertion {
  const [, metric, operator, digits, unit = ""] =
    /^\s*([a-z]\w*(?:\.\d+)?)\s*(<=|>=|==|!=|<|>)\s*(\d+(?:\.\d+)?)\s*(ms|s|m|%|\/s)?\s*$/.exec(text) ?? [];
  if (metric === undefined || operator === undefined) throw mistake(`"${text}" is no assertion. ${example}`);
  const kind = metricOf(metric)?.kind;
  if (kind === undefined) {
    const known = [...Object.keys(metrics), "p50", "p95", "p99"];
    const near = nearest(metric, known);
    const hint = near === undefined ? `Known are ${known.join(", ")}.` : `Did you mean "${near}"?`;
    throw mistake(`--assert knows no "${metric}". ${hint}`);
  }
  const factor = unitsOf[kind][unit];
  if (factor === undefined) throw mistake(`"${text}": ${wantedUnit[kind]}. ${example}`);
  const shown: Unit = unit === "%" ? "share" : kind === "time" ? "time" : kind === "rate" ? "rate" : "number";
  // `operator` is one of the alternatives of the expression above.
  return { text, metric, operator: operator as Operator, limit: Number(digits) * factor, unit: shown };
}

const unitsOf: Readonly<Record<Metric["kind"], Readonly<Record<string, number>>>> = {
  time: { ms: 1, s: 1_000, m: 60_000 },
  count: { "": 1, "%": 0.01 },
  rate: { "": 1, "/s": 1 },
  status: { "": 1 },
};

const wantedUnit: Readonly<Record<Metric["kind"], string>> = {
  time: "a time wants a unit: ms, s or m",
  count: "a count is a number, or a share of all calls in %",
  rate: "a rate is a number of calls a second",
  status: "a status is a number",
};

/** Holds what came back against what was wanted. What could not be measured is not met. */
export function judge(
  assertions: readonly Assertion[],
  outcomes: readonly CallOutcome[],
  figures: CallFigures,
): Verdict[] {
  return assertions.map((assertion) => {
    const { metric, operator, limit, unit } = assertion;
    const found = metricOf(metric)!.read(outcomes, figures);
    const values = unit === "share" ? found.map((each) => each / Math.max(1, outcomes.length)) : found;
    const isRight = (value: number): boolean => operators[operator](value, limit);
    const value = values.find((each) => !isRight(each)) ?? values[0];
    return { assertion, isMet: values.length > 0 && values.every(isRight), ...(value !== undefined && { value }) };
  });
}

function metricOf(name: string): Metric | undefined {
  const percent = Number(/^p(\d{1,2}(?:\.\d+)?)$/.exec(name)?.[1]);
  if (Number.isNaN(percent)) return Object.hasOwn(metrics, name) ? metrics[name] : undefined;
  return {
    kind: "time",
    read: (outcomes) => (outcomes.length === 0 ? [] : [percentileOf(outcomes, percent / 100)]),
  };
}

function mistake(message: string): FluoroscopeError {
  return new FluoroscopeError("FLUORO_BAD_CONFIG", message);
}
