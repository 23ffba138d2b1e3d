import { type ReactElement, useRef } from "react";
import { useView } from "../address/use-view.ts";
import { Icon } from "../ui/icon.tsx";
import { bringIn } from "./import-store.ts";

/** Brings traces in from a file: for who would rather choose it than drop it on the page. */
export function ImportButton(): ReactElement {
  const { go } = useView();
  const field = useRef<HTMLInputElement>(null);
  return (
    <>
      <button type="button" className="quiet" onClick={() => field.current?.click()}>
        <Icon name="plus" size={14} /> Import a file of traces
      </button>
      <input
        ref={field}
        type="file"
        accept=".json,.ndjson,.jsonl,application/json"
        multiple
        hidden
        aria-label="File of traces"
        onChange={async ({ currentTarget }) => {
          const files = [...(currentTarget.files ?? [])];
          // The same file may be chosen again.
          currentTarget.value = "";
          const id = await bringIn(files);
          if (id !== undefined) go(`/trace/${id}`);
        }}
      />
    </>
  );
}
