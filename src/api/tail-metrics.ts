import { metric, type Sample } from "../prometheus.ts";
import type { TailFigures } from "../tail-sampling/tail-figures.ts";

/** What tail sampling does, as Prometheus text. A rule is told apart by its place, since text of people makes no labels. */
export function tailMetrics(figures: TailFigures): string {
  const { rules, rest, documents } = figures;
  const kept: Sample[] = rules.map(({ keptTraces }, at) => ({ labels: { rule: String(at + 1) }, value: keptTraces }));
  const named = (name: string): string => `fluoroscope_tail_${name}`;
  const counter = (name: string, help: string, value: number | readonly Sample[]): string =>
    metric(named(name), "counter", help, value);
  return [
    counter("traces_kept_total", "Traces kept, by the place of the rule or by the share of the rest.", [
      ...kept,
      { labels: { rule: "rest" }, value: rest.keptTraces },
    ]),
    counter("traces_dropped_total", "Traces dropped, for which others stand.", figures.droppedTraces),
    counter("traces_early_total", "Traces decided before their time, since too many waited.", figures.earlyTraces),
    counter("traces_rescued_total", "Traces that a late document made worth keeping.", figures.rescuedTraces),
    counter("documents_taken_total", "Documents that came to be decided on.", documents.taken),
    counter("documents_kept_total", "Documents of kept traces, in the store.", documents.kept),
    counter("documents_dropped_total", "Documents of dropped traces.", documents.dropped),
    counter("documents_late_total", "Documents that came when their trace was decided.", documents.late),
    metric(
      named("documents_waiting"),
      "gauge",
      "Documents that wait for the decision on their trace.",
      documents.waiting,
    ),
    metric(named("traces_waiting"), "gauge", "Traces that wait for a decision.", figures.waitingTraces),
    metric(named("waiting_bytes"), "gauge", "Memory of what waits.", figures.waitingBytes),
    metric(named("share"), "gauge", "Share that is kept, by the place of the rule or of the rest.", [
      ...rules.map(({ share }, at) => ({ labels: { rule: String(at + 1) }, value: share })),
      { labels: { rule: "rest" }, value: rest.share },
    ]),
  ].join("");
}
