import type { ReactElement } from "react";
import type { Cause, Exception } from "../../trace/segment.ts";
import { Foldout } from "../ui/foldout.tsx";
import { sourceLink, useSourceTemplate } from "../ui/source-link.ts";

/** Why something failed: exceptions with their stacks, or where they are told. */
export function ExceptionList({ cause }: { cause: Cause }): ReactElement {
  return (
    <section className="part exceptions">
      <header>
        <h3>{cause.exceptions.length > 1 ? "Exceptions" : "Exception"}</h3>
      </header>
      {cause.exceptions.map((exception, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: exceptions need not have ids, and the list never moves
        <ExceptionBlock key={index} exception={exception} />
      ))}
      {cause.exceptions.length === 0 && cause.reference !== undefined && (
        <p className="muted">
          Told further down, by <code>{cause.reference}</code>.
        </p>
      )}
      {cause.workingDirectory !== undefined && (
        <p className="muted">
          in <code className="breaks">{cause.workingDirectory}</code>
        </p>
      )}
    </section>
  );
}

function ExceptionBlock({ exception }: { exception: Exception }): ReactElement {
  const { type, message, stack = [], truncated, remote } = exception;
  const lines = stack.map(({ label, path, line }) => `${label ?? "?"}  ${[path, line].filter(Boolean).join(":")}`);
  return (
    <div className="exception">
      <p>
        <b className="state-text fault">{type ?? "Exception"}</b>
        {remote === true && <span className="tag">remote</span>}
      </p>
      {message !== undefined && <p className="breaks">{message}</p>}
      {stack.length > 0 && (
        <Foldout
          isOpen={stack.length <= 12}
          copied={[`${type ?? "Exception"}: ${message ?? ""}`, ...lines].join("\n")}
          title={`Stack of ${stack.length}${truncated !== undefined && truncated > 0 ? ` (${truncated} more not sent)` : ""}`}
        >
          <ol className="stack">
            {stack.map(({ label, path, line }, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a stack may hold the same frame twice, and never moves
              <li key={index}>
                <b>{label ?? "?"}</b>
                <SourcePlace path={path} line={line} />
              </li>
            ))}
          </ol>
        </Foldout>
      )}
    </div>
  );
}

/** A line of source; a link to it where this browser has been told how. */
function SourcePlace({ path, line }: { path: string | undefined; line: number | undefined }): ReactElement {
  const href = sourceLink(
    useSourceTemplate(({ template }) => template),
    path,
    line,
  );
  const place = [path, line].filter(Boolean).join(":");
  if (href === undefined) return <span className="muted breaks">{place}</span>;
  return (
    <a className="breaks" href={href} target="_blank" rel="noreferrer">
      {place}
    </a>
  );
}
