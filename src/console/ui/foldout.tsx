import { type ReactElement, type ReactNode, useState } from "react";
import { CopyButton } from "./copy-button.tsx";

export interface FoldoutProps {
  readonly title: ReactNode;
  /** What its button copies. */
  readonly copied: string;
  readonly isOpen?: boolean;
  readonly children: ReactNode;
}

/** A title that folds out, with a button beside it that copies what is inside. What is folded up is not drawn. */
export function Foldout({ title, copied, isOpen = false, children }: FoldoutProps): ReactElement {
  const [isShown, setShown] = useState(isOpen);
  return (
    <div className="foldout">
      <details open={isShown} onToggle={(event) => setShown(event.currentTarget.open)}>
        <summary>{title}</summary>
        {isShown && children}
      </details>
      <CopyButton text={copied} />
    </div>
  );
}
