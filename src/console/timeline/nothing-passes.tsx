import type { ReactElement } from "react";

/** All rows of a trace are filtered away. */
export function NothingPasses({ onShowAll }: { onShowAll: () => void }): ReactElement {
  return (
    <div className="empty" role="status">
      <h2>No row of this trace passes these filters</h2>
      <p className="actions">
        <button type="button" onClick={onShowAll}>
          Show all rows
        </button>
      </p>
    </div>
  );
}
