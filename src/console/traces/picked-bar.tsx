import type { ReactElement } from "react";
import { useShortcuts } from "../ui/shortcuts.ts";

export interface PickedBarProps {
  readonly picked: readonly string[];
  readonly onCompare: (a: string, b: string) => void;
  readonly onDrop: () => void;
}

/** How many traces are picked, and the way to comparing them: `c`, or the button. */
export function PickedBar({ picked, onCompare, onDrop }: PickedBarProps): ReactElement {
  const [a, b] = picked;
  useShortcuts({ Escape: onDrop });
  return (
    <div className="picked-bar" role="status">
      {a === undefined || b === undefined ? (
        <span>
          One picked. Go to another and press <kbd>c</kbd>, or pick it with <kbd>x</kbd>.
        </span>
      ) : (
        <button type="button" className="primary" onClick={() => onCompare(a, b)}>
          Compare the two <kbd>c</kbd>
        </button>
      )}
      <button type="button" className="quiet" onClick={onDrop}>
        Drop
      </button>
    </div>
  );
}
