import type { ReactElement, ReactNode } from "react";
import { Link } from "wouter";
import type { TraceSegmentDetails } from "../../api/wire.ts";
import { formatAnnotationKey, quoteText } from "../../filter/format.ts";
import type { Segment } from "../../trace/segment.ts";
import { pageAddress, type View } from "../address/view-address.ts";
import { typeLabel } from "../map/node-kind.ts";
import { CopyButton } from "../ui/copy-button.tsx";
import { formatBytes } from "../ui/format.ts";
import { ExceptionList } from "./exception-list.tsx";
import { FieldList } from "./field-list.tsx";
import { formatSql } from "./format-sql.ts";
import { JsonTree } from "./json-tree.tsx";
import { likeSegment } from "./traces-like.ts";

export interface SegmentPartsProps {
  readonly details: TraceSegmentDetails;
  readonly view: View;
  readonly traceStart: number;
}

/** What a segment or subsegment alone says: why it failed, what it asked and was answered, whatever its sender noted. */
export function SegmentParts({ details, view }: SegmentPartsProps): ReactElement {
  const { segment, document, inferred } = details;
  const { http, aws, cause, metadata, service } = segment;
  return (
    <>
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
      <SqlPart sql={segment.sql} />
      <AnnotationPart annotations={segment.annotations} view={view} />
      <Part title="Where">
        <FieldList
          fields={[
            ["Type", inferred && typeLabel(inferred)],
            ["Origin", segment.origin],
            ["User", segment.user],
            ["Resource", segment.resourceArn],
            ["Parent", segment.parentId && <code key="parent">{segment.parentId}</code>],
          ]}
        />
      </Part>
      {aws !== undefined && Object.keys(aws.raw).length > 0 && (
        <Part title="AWS">
          <JsonTree value={aws.raw} />
        </Part>
      )}
      {metadata !== undefined && (
        <Part title="Metadata" action={<CopyButton text={JSON.stringify(metadata, undefined, 2)} />}>
          <JsonTree value={metadata} />
        </Part>
      )}
      {service !== undefined && (
        <Part title="Service">
          <JsonTree value={service} />
        </Part>
      )}
      <LinkPart links={segment.links} view={view} />
      <Part title="Find more">
        <ul className="find-more">
          {likeSegment(details).map(({ label, filter }) => (
            <li key={filter}>
              <Link href={pageAddress("/traces", view, { filter })}>{label}</Link>
            </li>
          ))}
        </ul>
      </Part>
      {document !== undefined && (
        <Part title="Document" action={<CopyButton text={JSON.stringify(document, undefined, 2)} />}>
          <JsonTree value={document} depth={3} />
        </Part>
      )}
    </>
  );
}

function SqlPart({ sql }: { sql: Segment["sql"] }): ReactElement | null {
  if (sql === undefined) return null;
  return (
    <Part title="SQL" action={sql.sanitizedQuery && <CopyButton text={sql.sanitizedQuery} />}>
      {sql.sanitizedQuery !== undefined && <pre className="block">{formatSql(sql.sanitizedQuery)}</pre>}
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
  );
}

function AnnotationPart(props: { annotations: Segment["annotations"]; view: View }): ReactElement | null {
  const entries = Object.entries(props.annotations ?? {});
  if (entries.length === 0) return null;
  return (
    <Part title="Annotations">
      <dl className="fields">
        {entries.map(([key, value]) => (
          <div key={key}>
            <dt>{key}</dt>
            <dd>
              <Link
                href={pageAddress("/traces", props.view, { filter: annotationFilter(key, value) })}
                title="Find traces that say the same"
              >
                {String(value)}
              </Link>
            </dd>
          </div>
        ))}
      </dl>
    </Part>
  );
}

function annotationFilter(key: string, value: string | number | boolean): string {
  return `${formatAnnotationKey(key)} = ${typeof value === "string" ? quoteText(value) : value}`;
}

function LinkPart({ links = [], view }: { links: Segment["links"]; view: View }): ReactElement | null {
  if (links.length === 0) return null;
  return (
    <Part title="Links">
      <ul>
        {links.map((link) => (
          <li key={`${link.traceId} ${link.id ?? ""}`}>
            <Link href={pageAddress(`/trace/${link.traceId}`, view, link.id === undefined ? {} : { segment: link.id })}>
              <code>{link.traceId}</code>
            </Link>
            {link.attributes !== undefined && <JsonTree value={link.attributes} depth={2} />}
          </li>
        ))}
      </ul>
    </Part>
  );
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
