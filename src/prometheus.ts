/** One line of a metric: its labels and its value. A value that nobody knows is `undefined`, and is left out. */
export interface Sample {
  readonly labels?: Labels;
  readonly value: number | undefined;
}

type Labels = Readonly<Record<string, string>>;

/** A metric of one name in Prometheus' text format; nothing at all when none of its samples has a value. */
export function metric(
  name: string,
  type: "counter" | "gauge",
  help: string,
  samples: number | undefined | readonly Sample[],
): string {
  const all: readonly Sample[] = typeof samples === "object" ? samples : [{ value: samples }];
  return withHead(
    name,
    type,
    help,
    all.map(({ labels, value }) => line(name, labels, value)),
  );
}

/** What a histogram has counted: cumulative counts by upper bound, the last of them unbounded, and the sum of all values. */
export interface Histogram {
  readonly labels?: Labels;
  readonly buckets: readonly (readonly [upperBound: number, count: number])[];
  readonly sum: number;
}

/** A histogram of one name, once for each set of labels. */
export function histogramMetric(name: string, help: string, histograms: readonly Histogram[]): string {
  const lines = histograms.flatMap(({ labels = {}, buckets, sum }) => [
    ...buckets.map(([bound, count]) => line(`${name}_bucket`, { ...labels, le: number(bound) }, count)),
    line(`${name}_sum`, labels, sum),
    line(`${name}_count`, labels, buckets.at(-1)?.[1] ?? 0),
  ]);
  return withHead(name, "histogram", help, lines);
}

/** The content type of the text. */
export const metricsContentType = "text/plain; version=0.0.4; charset=utf-8";

function withHead(name: string, type: string, help: string, lines: readonly string[]): string {
  const text = lines.join("");
  if (text === "") return "";
  return `# HELP ${name} ${help.replaceAll("\\", "\\\\").replaceAll("\n", "\\n")}\n# TYPE ${name} ${type}\n${text}`;
}

function line(name: string, labels: Labels = {}, value: number | undefined): string {
  if (value === undefined) return "";
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`);
  return `${name}${pairs.length === 0 ? "" : `{${pairs.join(",")}}`} ${number(value)}\n`;
}

function escaped(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}

/** JavaScript writes numbers as Prometheus reads them, but for the endless ones. */
function number(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return "+Inf";
  return value === Number.NEGATIVE_INFINITY ? "-Inf" : String(value);
}
