/** Something that stands in a column; nothing may come nearer to its middle than `reach`. */
export interface Obstacle {
  readonly y: number;
  readonly reach: number;
}

/** The free place of a column that is nearest to the wanted one. */
export function freeRow(wanted: number, obstacles: readonly Obstacle[]): number {
  const isFree = (y: number): boolean => obstacles.every((each) => Math.abs(each.y - y) >= each.reach - 0.001);
  if (isFree(wanted)) return wanted;
  const beside = obstacles.flatMap(({ y, reach }) => [y - reach, y + reach]).filter(isFree);
  return beside.reduce((best, y) => (Math.abs(y - wanted) < Math.abs(best - wanted) ? y : best));
}
