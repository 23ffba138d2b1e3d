import { type ReactElement, useEffect, useState } from "react";
import { useView } from "../address/use-view.ts";
import { plural } from "../ui/format.ts";
import { Icon } from "../ui/icon.tsx";
import { bringIn, type ImportState, useImport } from "./import-store.ts";
import "../styles/import.css";

/** Good news needs no longer to be read. */
const doneMs = 6_000;

/** Takes files of traces that are dropped anywhere on the page, and says what became of them. */
export function TraceDrop(): ReactElement {
  const { go } = useView();
  const state = useImport((each) => each.state);
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    const listening = new AbortController();
    const { signal } = listening;
    // Text that is dragged within the page is nobody's file.
    const holdsFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes("Files") ?? false;
    const onDragOver = (event: DragEvent): void => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const onDrop = async (event: DragEvent): Promise<void> => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      setOver(false);
      const id = await bringIn([...(event.dataTransfer?.files ?? [])]);
      if (id !== undefined) go(`/trace/${id}`);
    };
    window.addEventListener("dragover", onDragOver, { signal });
    window.addEventListener("dragleave", (event) => event.relatedTarget === null && setOver(false), { signal });
    window.addEventListener("drop", onDrop, { signal });
    return () => listening.abort();
  }, [go]);
  useEffect(() => {
    if (state.kind !== "done" || state.imported.refused > 0) return;
    const timer = setTimeout(dismiss, doneMs);
    return () => clearTimeout(timer);
  }, [state]);
  return (
    <>
      {isOver && (
        <div className="drop-veil">
          <p>Drop a file of traces: X-Ray documents, an answer of BatchGetTraces, or OTLP JSON</p>
        </div>
      )}
      <div className="import-toast" role="status" hidden={state.kind === "none"}>
        {state.kind !== "none" && (
          <>
            <p>{textOf(state)}</p>
            <button type="button" className="quiet icon-only" aria-label="Dismiss" onClick={dismiss}>
              <Icon name="close" size={12} />
            </button>
          </>
        )}
      </div>
    </>
  );
}

function dismiss(): void {
  useImport.setState({ state: { kind: "none" } });
}

function textOf(state: Exclude<ImportState, { kind: "none" }>): string {
  if (state.kind === "reading") return `Reading ${state.name} …`;
  if (state.kind === "failed") return `${state.name} was not imported. ${state.reason}`;
  const { documents, traceIds, refused, reason } = state.imported;
  const taken = `${plural(documents - refused, "document")} of ${plural(traceIds.length, "trace")} imported from ${state.name}.`;
  return refused === 0 ? taken : `${taken} ${plural(refused, "was", "were")} refused: ${reason}`;
}
