import { type ReactElement, useState } from "react";
import { mermaidSequence } from "../../analysis/mermaid-sequence.ts";
import type { Skeleton } from "../../analysis/skeleton.ts";
import { readTraceDocuments } from "../api-client.ts";
import { CopyButton } from "../ui/copy-button.tsx";
import { Icon } from "../ui/icon.tsx";
import { Popover } from "../ui/popover.tsx";
import type { ExportForm } from "./export-trace.ts";
import { ImportButton } from "./import-button.tsx";
import { saveFile } from "./save-file.ts";

const forms: readonly { readonly form: ExportForm; readonly label: string; readonly about: string }[] = [
  { form: "xray", label: "X-Ray JSON", about: "As it came; comes back unchanged" },
  { form: "otlp", label: "OTLP JSON", about: "For OpenTelemetry" },
  { form: "html", label: "HTML", about: "One page, no script, no network" },
  { form: "markdown", label: "Markdown", about: "For a ticket or an assistant" },
];

/** Takes a trace away as a file, opens it in the command line, or brings another one in. */
export function ExportMenu({ trace }: { trace: Skeleton }): ReactElement {
  const [failure, setFailure] = useState<string>();
  const save = async (form: ExportForm): Promise<void> => {
    setFailure(undefined);
    try {
      const found = await readTraceDocuments(trace.id, AbortSignal.timeout(60_000));
      if (found === undefined) throw new Error("The trace has been removed.");
      // Loaded when somebody saves something.
      const { exportTrace } = await import("./export-trace.ts");
      saveFile(exportTrace(found, form, window.location.href));
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error));
    }
  };
  const command = `npx fluoroscope trace ${trace.id} --endpoint ${window.location.origin}`;
  return (
    <Popover
      label="Export"
      button={
        <>
          <Icon name="up" size={14} /> Export
        </>
      }
    >
      {(close) => (
        <div className="export-menu">
          <ul>
            {forms.map(({ form, label, about }) => (
              <li key={form}>
                <button
                  type="button"
                  className="quiet"
                  onClick={() => {
                    close();
                    void save(form);
                  }}
                >
                  <b>{label}</b> <span className="muted">{about}</span>
                </button>
              </li>
            ))}
          </ul>
          {failure !== undefined && (
            <p className="state-text fault" role="alert">
              {failure}
            </p>
          )}
          <p>
            <CopyButton text={command} label="Copy the command for a terminal" />
          </p>
          <p>
            <CopyButton text={mermaidSequence(trace)} label="Copy as Mermaid sequence" />
          </p>
          <p>
            <ImportButton />
          </p>
        </div>
      )}
    </Popover>
  );
}
