import { expect, it } from "vitest";
import { histogramMetric, metric } from "./prometheus.ts";

it("a metric has its help, its type and its value", () => {
  expect(metric("seen_total", "counter", "What was seen.", 3)).toBe(
    "# HELP seen_total What was seen.\n# TYPE seen_total counter\nseen_total 3\n",
  );
});

it("nobody's value is no line, and a metric without lines is not there", () => {
  expect(metric("seen_total", "counter", "Seen.", undefined)).toBe("");
  expect(metric("seen_total", "counter", "Seen.", [])).toBe("");
  expect(metric("seen", "gauge", "Seen.", [{ value: undefined }, { labels: { of: "a" }, value: 0.5 }])).toMatch(
    /gauge\nseen\{of="a"\} 0\.5\n$/,
  );
});

it("labels may hold quotes, backslashes and line ends", () => {
  const text = metric("seen", "gauge", "Two\nlines.", [{ labels: { by: 'a"b\\c\nd' }, value: 1 }]);
  expect(text).toBe('# HELP seen Two\\nlines.\n# TYPE seen gauge\nseen{by="a\\"b\\\\c\\nd"} 1\n');
});

it("a histogram has its buckets, its sum and its count", () => {
  const buckets = [
    [0.1, 2],
    [1, 5],
    [Number.POSITIVE_INFINITY, 6],
  ] as const;
  const text = histogramMetric("took_seconds", "Time.", [{ labels: { to: "a" }, buckets, sum: 4.5 }]);
  expect(text.split("\n")).toEqual([
    "# HELP took_seconds Time.",
    "# TYPE took_seconds histogram",
    'took_seconds_bucket{to="a",le="0.1"} 2',
    'took_seconds_bucket{to="a",le="1"} 5',
    'took_seconds_bucket{to="a",le="+Inf"} 6',
    'took_seconds_sum{to="a"} 4.5',
    'took_seconds_count{to="a"} 6',
    "",
  ]);
});
