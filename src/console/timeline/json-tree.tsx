import type { ReactElement } from "react";

/** Any JSON value as a tree that folds. All of it is text: what a trace holds is never taken for markup. */
export function JsonTree({ name, value, depth = 0 }: { name?: string; value: unknown; depth?: number }): ReactElement {
  const label = name === undefined ? null : <span className="json-name">{name}</span>;
  if (typeof value !== "object" || value === null) {
    return (
      <div className="json-leaf">
        {label}
        <span className={`json-${value === null ? "null" : typeof value}`}>{leafText(value)}</span>
      </div>
    );
  }
  const entries = Object.entries(value);
  const isList = Array.isArray(value);
  if (entries.length === 0) {
    return (
      <div className="json-leaf">
        {label}
        <span className="muted">{isList ? "[ ]" : "{ }"}</span>
      </div>
    );
  }
  return (
    <details className="json-node" open={depth < 3 && entries.length <= 30}>
      <summary>
        {label}
        <span className="muted">{isList ? `[ ${entries.length} ]` : `{ ${entries.length} }`}</span>
      </summary>
      {entries.slice(0, mostEntries).map(([key, each]) => (
        <JsonTree key={key} name={key} value={each} depth={depth + 1} />
      ))}
      {entries.length > mostEntries && <p className="muted">… and {entries.length - mostEntries} more: see Raw.</p>}
    </details>
  );
}

const mostEntries = 200;

function leafText(value: unknown): string {
  return typeof value === "string" ? value : String(value);
}
