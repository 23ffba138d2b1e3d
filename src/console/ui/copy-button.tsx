import { type ReactElement, useEffect, useState } from "react";
import { Icon } from "./icon.tsx";

/** Copies a text, and says that it did. */
export function CopyButton({ text, label = "Copy" }: { text: string; label?: string }): ReactElement {
  const [outcome, setOutcome] = useState<"copied" | "refused">();
  useEffect(() => {
    if (outcome === undefined) return;
    const timer = setTimeout(() => setOutcome(undefined), 1_600);
    return () => clearTimeout(timer);
  }, [outcome]);

  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setOutcome("copied");
    } catch {
      // Without https or permission the browser refuses; the text can still be selected.
      setOutcome("refused");
    }
  };
  const said = outcome === "copied" ? "Copied" : outcome === "refused" ? "Select it and copy" : label;
  return (
    <button type="button" className="quiet copy" onClick={copy} title={label}>
      <Icon name={outcome === "copied" ? "check" : "copy"} size={14} />
      <span aria-live="polite">{said}</span>
    </button>
  );
}
