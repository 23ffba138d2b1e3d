export interface Size {
  readonly width: number;
  readonly height: number;
}

const gap = 48;

/**
 * Where the upper left corner of each part goes when parts that have nothing to do with each other share a map: in rows,
 * in their order, so that the whole is about as wide as a screen.
 */
export function packParts(parts: readonly Size[]): { x: number; y: number }[] {
  const area = parts.reduce((sum, { width, height }) => sum + (width + gap) * (height + gap), 0);
  const widest = Math.max(0, ...parts.map((part) => part.width));
  const rowWidth = Math.max(widest, Math.sqrt(area * 1.7));
  let x = 0;
  let y = 0;
  let rowHeight = 0;
  return parts.map(({ width, height }) => {
    if (x > 0 && x + width > rowWidth) {
      x = 0;
      y += rowHeight + gap;
      rowHeight = 0;
    }
    const corner = { x, y };
    x += width + gap;
    rowHeight = Math.max(rowHeight, height);
    return corner;
  });
}
