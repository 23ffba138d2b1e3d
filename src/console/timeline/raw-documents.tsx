import { type ReactElement, useMemo, useState } from "react";
import { Foldout } from "../ui/foldout.tsx";
import { formatBytes, plural } from "../ui/format.ts";
import "../styles/span-details.css";

/** More text at once makes the browser slow. */
const mostShown = 60_000;

/** The documents of a trace as they came. */
export function RawDocuments({ documents }: { documents: readonly string[] }): ReactElement {
  return (
    <div className="raw">
      <p className="muted">
        {plural(documents.length, "document")}, as they came. Versions that a later one has replaced are left out.
      </p>
      <ol>
        {documents.slice(0, 200).map((document, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: documents have no identity but their place
          <li key={index}>
            <RawDocument document={document} isOpen={documents.length === 1} />
          </li>
        ))}
      </ol>
      {documents.length > 200 && <p className="muted">… and {documents.length - 200} more.</p>}
    </div>
  );
}

function RawDocument({ document, isOpen }: { document: string; isOpen: boolean }): ReactElement {
  const [isWhole, setWhole] = useState(false);
  const { title, pretty } = useMemo(() => read(document), [document]);
  const isCut = !isWhole && pretty.length > mostShown;
  return (
    <Foldout
      isOpen={isOpen}
      copied={document}
      title={
        <>
          <b>{title}</b> <span className="muted tabular">{formatBytes(document.length)}</span>
        </>
      }
    >
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: who has no mouse scrolls it with the arrow keys */}
      <pre className="block" tabIndex={0}>
        {isCut ? pretty.slice(0, mostShown) : pretty}
      </pre>
      {isCut && (
        <button type="button" onClick={() => setWhole(true)}>
          Show all {formatBytes(pretty.length)}
        </button>
      )}
    </Foldout>
  );
}

function read(document: string): { title: string; pretty: string } {
  try {
    const value: unknown = JSON.parse(document);
    const first: unknown = Array.isArray(value) ? value[0] : value;
    const { name, id } = (typeof first === "object" && first !== null ? first : {}) as Record<string, unknown>;
    return { title: [name, id].filter(Boolean).join(" · "), pretty: JSON.stringify(value, undefined, 2) };
  } catch {
    // Not JSON: shown as it is.
    return { title: "document", pretty: document };
  }
}
