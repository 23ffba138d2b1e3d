import { type ReactElement, useState } from "react";
import { Icon } from "./icon.tsx";

export interface DeleteButtonProps {
  readonly name: string;
  readonly isSmall?: boolean;
  readonly onDelete: () => void;
}

/** Asks once more, in its place, before something is gone. */
export function DeleteButton({ name, isSmall, onDelete }: DeleteButtonProps): ReactElement {
  const [isSure, setSure] = useState(false);
  if (isSure) {
    return (
      // biome-ignore lint/a11y/noAutofocus: it stands where the button was that had the focus
      <button type="button" className="danger" autoFocus onClick={onDelete} onBlur={() => setSure(false)}>
        Delete {name}
      </button>
    );
  }
  return (
    <button
      type="button"
      className={isSmall ? "quiet icon-only small" : "quiet"}
      aria-label={`Delete ${name}`}
      title={`Delete ${name}`}
      onClick={() => setSure(true)}
    >
      {isSmall ? <Icon name="bin" size={12} /> : "Delete"}
    </button>
  );
}
