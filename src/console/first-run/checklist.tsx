import type { ReactElement } from "react";
import { Link } from "wouter";
import { plural } from "../ui/format.ts";
import { Icon } from "../ui/icon.tsx";
import type { Progress } from "./progress.ts";

/** The steps to a map. They tick themselves. */
export function Checklist({ progress, refused }: { progress: Progress; refused: number }): ReactElement {
  const steps: readonly { readonly id: string; readonly label: string; readonly isDone: boolean }[] = [
    { id: "reached", label: "Daemon reached", isDone: progress.isReached },
    { id: "parsed", label: "Segment parsed", isDone: progress.isParsed },
    { id: "trace", label: "First trace", isDone: progress.hasTrace },
    { id: "downstream", label: "First downstream call", isDone: progress.hasDownstream },
  ];
  return (
    <div className="checklist">
      <ol>
        {steps.map(({ id, label, isDone }) => (
          <li key={id} className={isDone ? "done" : ""} data-step={id} data-done={isDone}>
            <span className="tick">{isDone && <Icon name="check" size={12} />}</span>
            {label}
            <span className="unseen">{isDone ? " (done)" : " (not yet)"}</span>
          </li>
        ))}
      </ol>
      {refused > 0 && !progress.isParsed && (
        <p className="refused" role="status">
          {plural(refused, "document was", "documents were")} refused: <Link href="/settings/problems">see why</Link>.
        </p>
      )}
    </div>
  );
}
