import type { Sql } from "../trace/segment.ts";
import { readDatabaseUrl } from "./network-address.ts";
import type { AttributeValue } from "./span.ts";

/**
 * The `sql` block in the stable database conventions. These have no place for a user, for versions or for the URL itself:
 * such members keep their own names below `aws.xray.sql`.
 */
export function addSql(attributes: Map<string, AttributeValue>, sql: Sql): void {
  const { databaseType, url, connectionString } = sql;
  const system = databaseType === undefined ? "other_sql" : systemOf(databaseType);
  attributes.set("db.system.name", system);
  if (databaseType !== undefined && databaseType !== system) {
    attributes.set("aws.xray.sql.database_type", databaseType);
  }
  const address = readDatabaseUrl(url ?? connectionString ?? "");
  if (address !== undefined) {
    if (address.path !== "") attributes.set("db.namespace", address.path);
    attributes.set("server.address", address.host);
    if (address.port !== undefined) attributes.set("server.port", address.port);
  }
  if (sql.sanitizedQuery !== undefined) attributes.set("db.query.text", sql.sanitizedQuery);
  for (const [member, attribute] of keptMembers) {
    const value = sql[member];
    if (value !== undefined) attributes.set(attribute, value);
  }
}

const keptMembers: readonly (readonly [keyof Sql, string])[] = [
  ["url", "aws.xray.sql.url"],
  ["connectionString", "aws.xray.sql.connection_string"],
  ["databaseVersion", "aws.xray.sql.database_version"],
  ["driverVersion", "aws.xray.sql.driver_version"],
  ["user", "aws.xray.sql.user"],
  ["preparation", "aws.xray.sql.preparation"],
];

function systemOf(databaseType: string): string {
  const name = databaseType.toLowerCase();
  return systems.get(name) ?? name;
}

/** OpenTelemetry's names where they are not just X-Ray's in lower case. */
const systems: ReadonlyMap<string, string> = new Map([
  ["postgres", "postgresql"],
  ["mssql", "microsoft.sql_server"],
  ["sqlserver", "microsoft.sql_server"],
  ["sql server", "microsoft.sql_server"],
  ["microsoft sql server", "microsoft.sql_server"],
  ["oracle", "oracle.db"],
  ["db2", "ibm.db2"],
  ["h2", "h2database"],
  ["redshift", "aws.redshift"],
]);
