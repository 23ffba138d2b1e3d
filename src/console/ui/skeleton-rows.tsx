import type { ReactElement } from "react";

/** As wide as rows of different lengths would be. */
const widths = ["92%", "74%", "81%", "63%", "70%", "88%", "58%", "66%", "77%", "52%"];

/** The shape of rows that are on their way. */
export function SkeletonRows(): ReactElement {
  return (
    <div className="skeleton-rows" aria-hidden="true">
      {widths.map((width) => (
        <div key={width} className="skeleton line" style={{ width }} />
      ))}
    </div>
  );
}
