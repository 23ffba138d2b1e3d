import type { ReactElement } from "react";
import { useView } from "../address/use-view.ts";
import { useShortcuts } from "../ui/shortcuts.ts";

export interface PickedBarProps {
  readonly picked: readonly string[];
  readonly onDrop: () => void;
}

/** How many traces are picked, and the way to comparing them: `c`, or the button. */
export function PickedBar({ picked, onDrop }: PickedBarProps): ReactElement {
  const { go } = useView();
  const [a, b] = picked;
  const compare = (): void => {
    if (a !== undefined && b !== undefined) go("/compare", { own: { a, b } });
  };
  useShortcuts({ c: compare, Escape: onDrop });
  return (
    <div className="picked-bar" role="status">
      {b === undefined ? (
        <span>
          One picked. Pick another with <kbd>x</kbd> to compare them.
        </span>
      ) : (
        <button type="button" className="primary" onClick={compare}>
          Compare the two <kbd>c</kbd>
        </button>
      )}
      <button type="button" className="quiet" onClick={onDrop}>
        Drop
      </button>
    </div>
  );
}
