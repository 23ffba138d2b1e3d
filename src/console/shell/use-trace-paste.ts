import { useEffect, useRef } from "react";
import { typedTrace } from "./palette-items.ts";

/** The id of a trace that is pasted where nobody types leads to it: from a log to its trace with one key. */
export function useTracePaste(open: (id: string) => void): void {
  const told = useRef(open);
  useEffect(() => {
    told.current = open;
  });
  useEffect(() => {
    const onPaste = ({ target, clipboardData }: ClipboardEvent): void => {
      if (target instanceof HTMLElement && (target.isContentEditable || /^(input|textarea)$/i.test(target.tagName))) {
        return;
      }
      const id = typedTrace(clipboardData?.getData("text") ?? "");
      if (id !== undefined) told.current(id);
    };
    document.addEventListener("paste", onPaste);
    return () => document.removeEventListener("paste", onPaste);
  }, []);
}
