import type { TraceDigest } from "../trace/digest.ts";
import { FacetsBuilder } from "./count-facets.ts";
import type { Facet } from "./facet.ts";
import { type Heatmap, HeatmapBuilder, outcomeOf } from "./heatmap.ts";
import { type ValueSearch, ValueSearcher } from "./value-search.ts";

/** What is to be told of the traces of a range beside how many there are. */
export interface OverviewWanted {
  readonly startSeconds: number;
  readonly endSeconds: number;
  /** Columns of the heatmap; 0 for none. */
  readonly columns: number;
  /** Values of each facet; 0 for no facets. */
  readonly values: number;
  /** Instead of all facets the values of one keyword. */
  readonly search?: ValueSearch;
}

/** Many traces at a glance: how many, when and how long, and what they have in common. */
export interface Overview {
  /** Traces that were looked at; where something could be looked up, few more than match. */
  readonly looked: number;
  /** Of these, those that match; each as often as it stands for others that were not kept. */
  readonly traces: number;
  /** The matching ones that were kept themselves, where `traces` counts more: all counts are estimates then. */
  readonly kept?: number;
  /** Of these, with a fault, an error or a throttle at their entry. */
  readonly failing: number;
  /** True while, or where, traces of the range were not looked at: these were, about, the newest. */
  readonly isPartial: boolean;
  readonly heatmap?: Heatmap;
  readonly facets: readonly Facet[];
}

/** Adds traces up to an overview. */
export class OverviewBuilder {
  readonly #wanted: OverviewWanted;
  readonly #heatmap: HeatmapBuilder | undefined;
  readonly #facets: FacetsBuilder | undefined;
  readonly #searcher: ValueSearcher | undefined;
  #looked = 0;
  #kept = 0;
  #traces = 0;
  #failing = 0;

  constructor(wanted: OverviewWanted) {
    const { columns, values, search } = wanted;
    this.#wanted = wanted;
    if (columns > 0) this.#heatmap = new HeatmapBuilder(wanted, columns);
    if (search !== undefined) this.#searcher = new ValueSearcher(search);
    else if (values > 0) this.#facets = new FacetsBuilder();
  }

  get looked(): number {
    return this.#looked;
  }

  /** Notes that another trace is looked at, matching or not. */
  look(): void {
    this.#looked += 1;
  }

  add(digest: TraceDigest): void {
    const outcome = outcomeOf(digest);
    const { weight = 1 } = digest;
    this.#kept += 1;
    this.#traces += weight;
    if (outcome !== "ok") this.#failing += weight;
    this.#heatmap?.add(digest, outcome);
    this.#facets?.add(digest, outcome);
    this.#searcher?.add(digest, outcome);
  }

  overview({ isPartial }: { readonly isPartial: boolean }): Overview {
    const { values } = this.#wanted;
    const heatmap = this.#heatmap?.heatmap();
    const found = this.#searcher && [this.#searcher.facet(values)];
    return {
      looked: this.#looked,
      traces: this.#traces,
      ...(this.#kept < this.#traces && { kept: this.#kept }),
      failing: this.#failing,
      isPartial,
      ...(heatmap && { heatmap }),
      facets: found ?? this.#facets?.facets(values) ?? [],
    };
  }
}
