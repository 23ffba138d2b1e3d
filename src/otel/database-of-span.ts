import type { WireObject } from "../trace/members.ts";
import { readDatabaseUrl } from "./network-address.ts";
import type { SpanReading } from "./span-reading.ts";

/** The database that a span asks. */
export interface Database {
  readonly system: string | undefined;
  readonly namespace: string | undefined;
  readonly host: string | undefined;
  readonly port: number | undefined;
  readonly isSql: boolean;
}

const system = ["db.system.name", "db.system"];

/** Undefined when a span says nothing of a database. */
export function databaseOf({ attributes }: SpanReading): Database | undefined {
  const name = attributes.look(system);
  const namespace = attributes.look(["db.namespace", "db.name"]);
  if (name === undefined && namespace === undefined) return undefined;
  const written = attributes.look("db.connection_string");
  const address = written === undefined ? undefined : readDatabaseUrl(written);
  return {
    system: name,
    namespace: namespace ?? (address?.path || undefined),
    host:
      attributes.look(["server.address", "net.peer.name"]) ??
      address?.host ??
      attributes.look(["network.peer.address", "net.sock.peer.addr", "net.peer.ip"]),
    port: attributes.lookInteger(["server.port", "net.peer.port"]) ?? address?.port,
    isSql: name !== undefined && sqlSystems.has(name),
  };
}

/**
 * What the database is called in the map: `orders@db.example.com`. A host alone may be many things, above all the
 * local one, so the system says what it is: `redis@localhost`. Redis numbers its namespaces, which are no names.
 */
export function databaseName({ system = "database", namespace, host }: Database): string {
  const name = namespace === undefined || /^\d+$/.test(namespace) ? system : namespace;
  return host === undefined ? name : `${name}@${host}`;
}

/** The `sql` block; undefined for databases that are not asked in SQL. */
export function sqlOf(
  reading: SpanReading,
  { system: name, namespace, host, port, isSql }: Database,
): WireObject | undefined {
  const { attributes, isOurs } = reading;
  if (isOurs) return ownSqlOf(reading);
  if (!isSql) return undefined;
  attributes.skip([...system, "db.namespace", "db.name", "server.address", "net.peer.name"]);
  attributes.skip(["server.port", "net.peer.port"]);
  const place = host?.includes(":") ? `[${host}]` : host;
  const authority = port === undefined ? place : `${place}:${port}`;
  return {
    url: place === undefined ? undefined : `${name}://${authority}${namespace === undefined ? "" : `/${namespace}`}`,
    connection_string: attributes.text("db.connection_string"),
    database_type: name,
    user: attributes.text("db.user"),
    sanitized_query: attributes.text(["db.query.text", "db.statement"]),
  };
}

/** The block that the span had as a subsegment. DynamoDB's calls have none. */
function ownSqlOf({ attributes }: SpanReading): WireObject | undefined {
  const type = attributes.text("db.system.name");
  if (type === undefined || type === "aws.dynamodb") return undefined;
  attributes.skip(["db.namespace", "server.address", "server.port"]);
  return {
    url: attributes.text("aws.xray.sql.url"),
    connection_string: attributes.text("aws.xray.sql.connection_string"),
    database_type: attributes.text("aws.xray.sql.database_type") ?? (type === "other_sql" ? undefined : type),
    database_version: attributes.text("aws.xray.sql.database_version"),
    driver_version: attributes.text("aws.xray.sql.driver_version"),
    user: attributes.text("aws.xray.sql.user"),
    preparation: attributes.text("aws.xray.sql.preparation"),
    sanitized_query: attributes.text("db.query.text"),
  };
}

/** By OpenTelemetry's names, those of older conventions among them. */
const sqlSystems: ReadonlySet<string> = new Set([
  ..."actian.ingres adabas aws.redshift cache clickhouse cloudscape cockroachdb coldfusion db2 derby edb".split(" "),
  ..."filemaker firebird firebirdsql firstsql gcp.spanner spanner h2 h2database hanadb sap.hana hive hsqldb".split(" "),
  ..."ibm.db2 ibm.informix informix ibm.netezza netezza ingres instantdb interbase intersystems_cache".split(" "),
  ..."mariadb maxdb sap.maxdb microsoft.sql_server mssql mssqlcompact mysql oracle oracle.db other_sql".split(" "),
  ..."pervasive pointbase postgresql progress redshift softwareag.adabas sqlite sybase teradata trino vertica".split(
    " ",
  ),
]);
