import { type ReactElement, useEffect, useRef } from "react";
import uPlot from "uplot";
import { formatTime } from "../ui/format.ts";
import { useTheme } from "../ui/theme.ts";
import "uplot/dist/uPlot.min.css";

export interface LineChartProps {
  readonly title: string;
  /** The chart in one sentence, for those who do not see it. */
  readonly summary: string;
  readonly seconds: readonly number[];
  readonly lines: readonly Line[];
  readonly format: (value: number) => string;
  /** Called when someone has dragged over a part of the time. */
  readonly onRange: (startSeconds: number, endSeconds: number) => void;
}

interface Line {
  readonly label: string;
  /** Name of a colour in the page's style sheet. */
  readonly colour: string;
  readonly values: readonly (number | undefined)[];
  readonly isFilled?: boolean;
}

const height = 92;
/** Charts with the same key show the same moment. */
const together = uPlot.sync("map-drawer");

/** Lines over time; dragging chooses a part of it. */
export function LineChart({ title, summary, seconds, lines, format, onRange }: LineChartProps): ReactElement {
  const root = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot>(undefined);
  const look = useTheme((theme) => theme.look);
  const told = useRef(onRange);
  useEffect(() => {
    told.current = onRange;
  });
  const shape = lines.map(({ label, colour }) => `${label} ${colour}`).join();
  const data = [seconds, ...lines.map(({ values }) => values)] as uPlot.AlignedData;
  const latest = useRef(data);

  // biome-ignore lint/correctness/useExhaustiveDependencies: made anew when its lines or the colours change; data follow below
  useEffect(() => {
    const element = root.current!;
    const style = getComputedStyle(element);
    const colourOf = (name: string): string => style.getPropertyValue(`--${name}`).trim();
    const axis: uPlot.Axis = {
      stroke: colourOf("muted"),
      font: `10.5px ${style.fontFamily}`,
      grid: { stroke: colourOf("line"), width: 1 },
      ticks: { show: false },
    };
    const opened = new uPlot(
      {
        width: element.clientWidth,
        height,
        legend: { show: true, live: true },
        cursor: { sync: { key: together.key }, drag: { x: true, y: false, setScale: false }, points: { size: 5 } },
        scales: { y: { range: (_, __, most) => [0, Math.max(most ?? 0, 1e-6) * 1.08] } },
        axes: [
          {
            ...axis,
            size: 20,
            gap: 3,
            space: 70,
            values: (_, ticks) => ticks.map((tick) => formatTime(tick).slice(0, 5)),
          },
          { ...axis, size: 52, space: 26, values: (_, ticks) => ticks.map(format) },
        ],
        series: [
          { label: "", value: (_, second) => (second === null ? "" : formatTime(second)) },
          ...lines.map(({ label, colour, isFilled }): uPlot.Series => {
            const stroke = colourOf(colour);
            return {
              label,
              stroke,
              width: 1.5,
              ...(isFilled && { fill: `${stroke}22` }),
              // A step alone makes no line.
              points: { show: true, size: 4, fill: stroke, filter: (plot, index) => stepsAlone(plot.data[index]!) },
              value: (_, value) => (value === null || value === undefined ? "–" : format(value)),
            };
          }),
        ],
        hooks: {
          setSelect: [
            (plot) => {
              const { left, width } = plot.select;
              if (width < 4) return;
              told.current(plot.posToVal(left, "x"), plot.posToVal(left + width, "x"));
              plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
            },
          ],
        },
      },
      latest.current,
      element,
    );
    const observer = new ResizeObserver(() => opened.setSize({ width: element.clientWidth, height }));
    observer.observe(element);
    chart.current = opened;
    return () => {
      observer.disconnect();
      opened.destroy();
      chart.current = undefined;
    };
  }, [shape, look]);
  useEffect(() => {
    latest.current = data;
    chart.current?.setData(data);
  });
  return (
    <figure className="line-chart">
      <figcaption>{title}</figcaption>
      <div ref={root} role="img" aria-label={summary} />
    </figure>
  );
}

/** Indexes of the values that have none beside them. */
function stepsAlone(values: ArrayLike<number | null | undefined>): number[] {
  const isThere = (at: number): boolean => values[at] !== undefined && values[at] !== null;
  return Array.from(values, (_, at) => at).filter((at) => isThere(at) && !isThere(at - 1) && !isThere(at + 1));
}
