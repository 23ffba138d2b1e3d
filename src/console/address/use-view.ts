import { useMemo } from "react";
import { useLocation, useSearch } from "wouter";
import { pageAddress, readView, type View, type ViewChange, withChange, writeView } from "./view-address.ts";

export interface Address {
  readonly path: string;
  readonly view: View;
  /**
   * Changes the view in place. A step that a person would want to take back is a page of its own in the browser's
   * history; one that only follows the eye, as a selection does, replaces the last.
   */
  readonly show: (change: ViewChange | ((view: View) => ViewChange), step?: "push" | "replace") => void;
  readonly go: (path: string, more?: ViewChange) => void;
}

/** What the address says, and how to change it. */
export function useView(): Address {
  const [path, navigate] = useLocation();
  const search = useSearch();
  const view = useMemo(() => readView(search), [search]);
  return useMemo(
    () => ({
      path,
      view,
      show: (change, step = "replace") => {
        // Read again: two changes in one turn must not undo each other.
        const now = readView(window.location.search);
        const next = writeView(withChange(now, typeof change === "function" ? change(now) : change));
        const here = window.location.pathname;
        navigate(next === "" ? here : `${here}?${next}`, { replace: step === "replace" });
      },
      go: (to, more) => navigate(pageAddress(to, readView(window.location.search), more)),
    }),
    [path, view, navigate],
  );
}
