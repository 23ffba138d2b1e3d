import { type ReactElement, useEffect, useState } from "react";
import { Icon } from "../ui/icon.tsx";
import { copyRowLink } from "./copy-row-link.ts";

/** Copies the address of a row, and says that it did. */
export function CopyLinkButton({ segmentId }: { segmentId: string }): ReactElement {
  const [outcome, setOutcome] = useState<"copied" | "refused">();
  useEffect(() => {
    if (outcome === undefined) return;
    const timer = setTimeout(() => setOutcome(undefined), 1_600);
    return () => clearTimeout(timer);
  }, [outcome]);
  const said = { copied: "Copied", refused: "See the address bar" };
  return (
    <button
      type="button"
      className="quiet"
      title="Copy a link to this row (y)"
      onClick={async () => setOutcome((await copyRowLink(segmentId)) ? "copied" : "refused")}
    >
      <Icon name={outcome === "copied" ? "check" : "copy"} size={14} />
      <span aria-live="polite">{outcome === undefined ? "Copy link" : said[outcome]}</span>
    </button>
  );
}
