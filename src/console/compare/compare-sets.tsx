import { useQuery } from "@tanstack/react-query";
import { type ReactElement, useMemo, useState } from "react";
import { compareFacets } from "../../analysis/compare-facets.ts";
import { overlayHistograms } from "../../analysis/overlay-histograms.ts";
import { readStatus } from "../api-client.ts";
import { Failure } from "../ui/failure.tsx";
import { formatCount, formatDelta, formatDuration, formatShare } from "../ui/format.ts";
import { ScrollArea } from "../ui/scroll-area.tsx";
import { SkeletonRows } from "../ui/skeleton-rows.tsx";
import { AttributeList } from "./attribute-list.tsx";
import type { Compared, SetSide } from "./compare-address.ts";
import { OverlaidHistogram } from "./overlaid-histogram.tsx";
import type { SetFigures } from "./set-figures.ts";
import { runsAmong, setPresets } from "./set-presets.ts";
import { SetSideForm } from "./set-side-form.tsx";
import { type LoadedSet, useSet } from "./use-set.ts";

export interface CompareSetsProps {
  readonly a: SetSide;
  readonly b: SetSide;
  readonly onChange: (next: Compared) => void;
}

const mostBins = 48;

/** Two sets of traces: how long they took, how they went, and by which attributes they differ. */
export function CompareSets({ a, b, onChange }: CompareSetsProps): ReactElement {
  const { data: status } = useQuery({ queryKey: ["status"], queryFn: ({ signal }) => readStatus(signal) });
  const [nowSeconds] = useState(() => Date.now() / 1000);
  const setA = useSet(a);
  const setB = useSet(b);
  const startedSeconds = status && nowSeconds - status.uptimeSeconds;
  const [runs, setRuns] = useState<readonly string[]>([]);
  // Once one is chosen each side has its own run alone: the names that were found stay.
  const found = runsAmong(setB.overview?.facets ?? []);
  if (found.length > runs.length) setRuns(found);
  const error = setA.error ?? setB.error;
  return (
    <>
      <div className="compare-sides">
        <SetSideForm name="A" side={a} onChange={(side) => onChange({ kind: "sets", a: side, b })} />
        <button
          type="button"
          className="quiet swap"
          onClick={() => onChange({ kind: "sets", a: b, b: a })}
          title="A becomes B, and B becomes A"
        >
          Swap
        </button>
        <SetSideForm name="B" side={b} onChange={(side) => onChange({ kind: "sets", a, b: side })} />
      </div>
      <fieldset className="chips compare-presets" aria-label="Often compared">
        {setPresets(b, { nowSeconds, startedSeconds, runs }).map((preset) => (
          <button
            key={preset.label}
            type="button"
            className="chip"
            title={preset.hint}
            onClick={() => onChange({ kind: "sets", a: preset.a, b: preset.b })}
          >
            {preset.label}
          </button>
        ))}
      </fieldset>
      <ScrollArea label="What differs" className="compare-result">
        {error !== null && <Failure error={error} what="The sets cannot be read" />}
        {error === null && (setA.figures === undefined || setB.figures === undefined) && <SkeletonRows />}
        {setA.figures !== undefined && setB.figures !== undefined && (
          <Result setA={setA} setB={setB} figures={[setA.figures, setB.figures]} a={a} b={b} />
        )}
      </ScrollArea>
    </>
  );
}

interface ResultProps {
  readonly setA: LoadedSet;
  readonly setB: LoadedSet;
  readonly figures: readonly [SetFigures, SetFigures];
  readonly a: SetSide;
  readonly b: SetSide;
}

function Result({ setA, setB, figures: [inA, inB], a, b }: ResultProps): ReactElement {
  const bins = useMemo(() => overlayHistograms(inA.histogram, inB.histogram, mostBins), [inA, inB]);
  const { overview: overviewA } = setA;
  const { overview: overviewB } = setB;
  const attributes = useMemo(
    () => (overviewA && overviewB ? compareFacets(overviewA, overviewB) : undefined),
    [overviewA, overviewB],
  );
  if (inA.total === 0 && inB.total === 0) {
    return (
      <div className="empty" role="status">
        <h2>Neither set has a trace</h2>
        <p className="muted">Choose other times, or drop the filters.</p>
      </div>
    );
  }
  return (
    <>
      <div className="compare-figures">
        <FigureTable a={inA} b={inB} />
        <OverlaidHistogram bins={bins} totalA={inA.total} totalB={inB.total} />
      </div>
      <h2>Attributes that differ most</h2>
      {attributes === undefined && <SkeletonRows />}
      {attributes?.length === 0 && (
        <p className="muted" role="status">
          {Math.min(inA.total, inB.total) < 10
            ? "The sets are too small: what differs may be chance."
            : "No attribute differs by more than chance would make of sets of this size."}
        </p>
      )}
      {attributes !== undefined && attributes.length > 0 && <AttributeList attributes={attributes} a={a} b={b} />}
      {(overviewA?.isPartial || overviewB?.isPartial) && (
        <p className="muted">
          The attributes are those of the newest traces: {formatCount(overviewA?.looked ?? 0)} of A and{" "}
          {formatCount(overviewB?.looked ?? 0)} of B were looked at.
        </p>
      )}
    </>
  );
}

function FigureTable({ a, b }: { a: SetFigures; b: SetFigures }): ReactElement {
  const share = (figures: SetFigures, name: "fault" | "error" | "throttle"): number =>
    figures.total === 0 ? 0 : figures[name] / figures.total;
  const duration = (name: "p50" | "p95" | "p99") => ({
    name,
    texts: [formatDuration(a[name]), formatDuration(b[name])] as const,
    delta: a[name] === undefined || b[name] === undefined ? undefined : b[name] - a[name],
    format: formatDelta,
  });
  const part = (label: string, name: "fault" | "error" | "throttle") => ({
    name: label,
    texts: [formatShare(a[name], a.total), formatShare(b[name], b.total)] as const,
    delta: a.total === 0 || b.total === 0 ? undefined : share(b, name) - share(a, name),
    format: points,
  });
  const rows = [
    duration("p50"),
    duration("p95"),
    duration("p99"),
    part("Faults", "fault"),
    part("Errors", "error"),
    part("Throttles", "throttle"),
  ];
  return (
    <table className="plain" aria-label="Figures of both sets">
      <thead>
        <tr>
          <td />
          <th scope="col" className="number">
            A
          </th>
          <th scope="col" className="number">
            B
          </th>
          <th scope="col" className="number">
            Difference
          </th>
        </tr>
      </thead>
      <tbody>
        <tr>
          <th scope="row">Traces</th>
          <td className="number">{formatCount(a.total)}</td>
          <td className="number">{formatCount(b.total)}</td>
          <td />
        </tr>
        {rows.map(({ name, texts, delta, format }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td className="number">{texts[0]}</td>
            <td className="number">{texts[1]}</td>
            <td className={`number ${delta === undefined || delta === 0 ? "same" : delta > 0 ? "slower" : "faster"}`}>
              {delta === undefined ? "–" : format(delta)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Shares differ by points of a percent. */
function points(delta: number): string {
  const value = Math.round(Math.abs(delta) * 1000) / 10;
  return value === 0 ? "±0" : `${delta > 0 ? "+" : "−"}${value} points`;
}
