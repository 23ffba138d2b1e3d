import { type ReactElement, type ReactNode, useEffect, useMemo, useRef } from "react";
import { Link } from "wouter";
import type { SpanRow, SpanTree } from "../../analysis/span-tree.ts";
import { formatAnnotationKey, quoteText } from "../../filter/format.ts";
import { pageAddress, type View } from "../address/view-address.ts";
import { typeLabel } from "../map/node-kind.ts";
import { CopyButton } from "../ui/copy-button.tsx";
import { formatBytes, formatDuration, formatMoment } from "../ui/format.ts";
import { Icon } from "../ui/icon.tsx";
import { serviceColour } from "../ui/service-colour.ts";
import { StateMark, stateNames } from "../ui/state-mark.tsx";
import { ExceptionList } from "./exception-list.tsx";
import { findDocument } from "../../analysis/find-document.ts";
import { JsonTree } from "./json-tree.tsx";
import { spanSeconds } from "./span-words.ts";

export interface SpanDetailsProps {
  readonly tree: SpanTree;
  readonly documents: readonly string[];
  readonly row: SpanRow;
  readonly nowSeconds: number;
  readonly view: View;
  readonly onClose: () => void;
}

type Fields = readonly (readonly [name: string, value: ReactNode])[];

/** All that a segment or subsegment says of itself. */
export function SpanDetails({ tree, documents, row, nowSeconds, view, onClose }: SpanDetailsProps): ReactElement {
  const body = useRef<HTMLDivElement>(null);
  const { segment } = row;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another row is read from its top
  useEffect(() => {
    // In braces: newer browsers answer a promise, which React would take for a clean-up.
    body.current?.scrollTo(0, 0);
  }, [segment.id]);
  const { http, sql, aws, cause } = segment;
  const document = useMemo(() => findDocument(documents, segment.id), [documents, segment.id]);
  return (
    <aside
      className="drawer span-details"
      aria-label="Details"
      onKeyDown={(event) => {
        if (event.key === "Escape") onClose();
      }}
    >
      <header>
        <h2>
          <i className="swatch" style={{ color: serviceColour(row.service) }} />
          <span>{segment.name}</span>
        </h2>
        <p className="muted">
          {row.kind === "segment" ? "Segment" : "Subsegment"}
          {row.kind === "subsegment" && row.inferred === undefined && ` of ${row.service}`}
          {row.inferred !== undefined && ` · ${typeLabel(row.inferred)}, seen by its caller only`}
        </p>
        <button type="button" className="quiet icon-only" aria-label="Close" onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: who has no mouse scrolls it with the arrow keys */}
      <section className="drawer-body" ref={body} tabIndex={0} aria-label={`Details of ${segment.name}`}>
        <FieldList
          fields={[
            [
              "Status",
              <span key="status" className={`state-text ${row.state}`}>
                <StateMark state={row.state} isSilent /> {segment.inProgress ? "In progress" : stateNames[row.state]}
              </span>,
            ],
            ["Duration", formatDuration(spanSeconds(row, nowSeconds))],
            ["Starts at", `${formatDuration(segment.startSeconds - tree.startSeconds)} of the trace`],
            ["Started", formatMoment(segment.startSeconds)],
            ["Origin", segment.origin],
            ["User", segment.user],
            ["Resource", segment.resourceArn],
            ["Id", <code key="id">{segment.id}</code>],
            ["Parent", segment.parentId && <code key="parent">{segment.parentId}</code>],
          ]}
        />
        {cause !== undefined && <ExceptionList cause={cause} />}
        {http !== undefined && (
          <Part title="Request and response">
            <FieldList
              fields={[
                ["Method", http.method],
                ["URL", http.url && <span className="breaks">{http.url}</span>],
                ["Status", http.status],
                ["Length", http.contentLength === undefined ? undefined : formatBytes(http.contentLength)],
                ["Client", http.clientIp],
                ["User agent", http.userAgent],
              ]}
            />
          </Part>
        )}
        {sql !== undefined && (
          <Part title="SQL" action={sql.sanitizedQuery && <CopyButton text={sql.sanitizedQuery} />}>
            {sql.sanitizedQuery !== undefined && <pre className="block">{sql.sanitizedQuery}</pre>}
            <FieldList
              fields={[
                ["Database", [sql.databaseType, sql.databaseVersion].filter(Boolean).join(" ")],
                ["URL", sql.url ?? sql.connectionString],
                ["User", sql.user],
                ["Driver", sql.driverVersion],
                ["Preparation", sql.preparation],
              ]}
            />
          </Part>
        )}
        {segment.annotations !== undefined && Object.keys(segment.annotations).length > 0 && (
          <Part title="Annotations">
            <dl className="fields">
              {Object.entries(segment.annotations).map(([key, value]) => (
                <div key={key}>
                  <dt>{key}</dt>
                  <dd>
                    <Link
                      href={pageAddress("/traces", view, { filter: annotationFilter(key, value) })}
                      title="Find traces that say the same"
                    >
                      {String(value)}
                    </Link>
                  </dd>
                </div>
              ))}
            </dl>
          </Part>
        )}
        {aws !== undefined && Object.keys(aws.raw).length > 0 && (
          <Part title="AWS">
            <JsonTree value={aws.raw} />
          </Part>
        )}
        {segment.metadata !== undefined && (
          <Part title="Metadata" action={<CopyButton text={JSON.stringify(segment.metadata, undefined, 2)} />}>
            <JsonTree value={segment.metadata} />
          </Part>
        )}
        {segment.service !== undefined && (
          <Part title="Service">
            <JsonTree value={segment.service} />
          </Part>
        )}
        {segment.links !== undefined && segment.links.length > 0 && (
          <Part title="Links">
            <ul>
              {segment.links.map((link) => (
                <li key={`${link.traceId} ${link.id ?? ""}`}>
                  <Link href={pageAddress(`/trace/${link.traceId}`, view)}>
                    <code>{link.traceId}</code>
                  </Link>
                </li>
              ))}
            </ul>
          </Part>
        )}
        <Part title="Find more">
          <ul className="find-more">
            <li>
              <Link href={pageAddress("/traces", view, { filter: `service(${quoteText(row.service)})` })}>
                Traces through {row.service}
              </Link>
            </li>
            {http?.url !== undefined && row.kind === "segment" && (
              <li>
                <Link href={pageAddress("/traces", view, { filter: `http.url = ${quoteText(http.url)}` })}>
                  Traces of this URL
                </Link>
              </li>
            )}
          </ul>
        </Part>
        {document !== undefined && (
          <Part title="Document" action={<CopyButton text={JSON.stringify(document, undefined, 2)} />}>
            <JsonTree value={document} depth={3} />
          </Part>
        )}
      </section>
    </aside>
  );
}

function annotationFilter(key: string, value: string | number | boolean): string {
  return `${formatAnnotationKey(key)} = ${typeof value === "string" ? quoteText(value) : value}`;
}

function Part(props: { title: string; action?: ReactNode; children: ReactNode }): ReactElement {
  return (
    <section className="part">
      <header>
        <h3>{props.title}</h3>
        {props.action}
      </header>
      {props.children}
    </section>
  );
}

/** Names and values; what has no value is left out. */
function FieldList({ fields }: { fields: Fields }): ReactElement {
  return (
    <dl className="fields">
      {fields.map(
        ([name, value]) =>
          value !== undefined &&
          value !== "" && (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}
