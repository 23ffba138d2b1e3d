type Values = readonly (number | undefined)[];

/** A chart's box. Its width is in steps, its height in pixels. */
export interface ChartBox {
  readonly height: number;
  /** The value at its upper edge. */
  readonly top: number;
}

/** The line through values, with a gap where there is none; a value alone becomes a dash as wide as a third of a step. */
export function linePath(values: Values, { height, top }: ChartBox): string {
  const yOf = (value: number): string => (height - (value / top) * height).toFixed(1);
  return values
    .map((value, at) => {
      if (value === undefined) return "";
      const follows = at > 0 && values[at - 1] !== undefined;
      if (follows) return `L${at} ${yOf(value)}`;
      return values[at + 1] === undefined ? `M${at - 0.17} ${yOf(value)}h.34` : `M${at} ${yOf(value)}`;
    })
    .join("");
}

/** What lies between a line without gaps and the lower edge. */
export function areaPath(values: Values, box: ChartBox): string {
  const line = linePath(
    values.map((value) => value ?? 0),
    box,
  );
  return values.length < 2 ? "" : `${line}V${box.height}H0Z`;
}

/** A round value at or above the greatest, which halves into round values. */
export function roundTop(most: number): number {
  if (!(most > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(most));
  const step = [1, 2, 4, 6, 8, 10].find((each) => each * power >= most * 0.999) ?? 10;
  return step * power;
}

/** The step under a place from 0 to 1 of the chart's width. */
export function stepAt(share: number, count: number): number {
  return Math.min(count - 1, Math.max(0, Math.round(share * (count - 1))));
}
