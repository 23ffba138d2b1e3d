// ClickHouse's HTTP interface over chDB: one process is one server. Statements, bound parameters, databases, gzip and errors
// are those of the real one; settings in the address are not, those in a statement are.
// It is a cluster called "main" of one server, too. What it takes several for it does alone: statements for all servers of
// the cluster it carries out by itself, and replicated tables are tables.
//   tsx server-process.ts <folder of chdb> <folder of data> <port>
import { randomUUID } from "node:crypto";
import { rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { createGunzip, gzipSync } from "node:zlib";
import { bindParameters } from "./bind-parameters.ts";

interface Session {
  queryAsync(statement: string, options: { format: string }): Promise<{ bytes(): Uint8Array; text(): string }>;
}

const [, , chdb = "", data = "", port = "0"] = process.argv;
const { Session: OpenSession } = createRequire(import.meta.url)(chdb) as {
  Session: new (path: string, options: object) => Session;
};
/** Each database has a connection of its own, since `USE` is of the connection. */
const sessions = new Map<string, Promise<Session>>();
const structures = new Map<string, Promise<string>>();

// Whoever started this process is gone when its end of the pipe is, and nobody else removes the data.
process.stdin.resume().on("end", () => {
  rmSync(data, { recursive: true, force: true });
  process.exit();
});

const config = join(data, "config.xml");
writeFileSync(
  config,
  `<clickhouse>
    <tcp_port>9000</tcp_port>
    <remote_servers><main><shard><replica><host>127.0.0.1</host><port>9000</port></replica></shard></main></remote_servers>
    <macros><shard>1</shard><replica>1</replica></macros>
  </clickhouse>`,
);

const server = createServer({ maxHeaderSize: 2 ** 20 }, (request, response) => {
  answer(request, response).catch((error: unknown) => fail(response, error));
});
server.keepAliveTimeout = 10_000;
server.listen(Number(port), "127.0.0.1", () => {
  const { port: taken } = server.address() as { port: number };
  process.stdout.write(`ready ${taken}\n`);
});

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://localhost");
  if (pathname === "/ping") {
    response.end("Ok.\n");
    return;
  }
  const sent = request.headers["content-encoding"] === "gzip" ? request.pipe(createGunzip()) : request;
  const body = await buffer(sent);
  const inAddress = searchParams.get("query");
  const statement = alone(bindParameters(inAddress ?? body.toString(), searchParams));
  const session = await sessionOf(searchParams.get("database") ?? "default");
  const wantsGzip = searchParams.get("enable_http_compression") === "1";
  if (inAddress !== null && body.length > 0) {
    await insert(session, searchParams.get("database") ?? "default", statement, body);
    response.end();
    return;
  }
  const format = searchParams.get("default_format") ?? "TabSeparated";
  const bytes = (await session.queryAsync(statement, { format })).bytes();
  if (/^\s*(DROP|ALTER|CREATE)/i.test(statement)) structures.clear();
  if (wantsGzip) response.setHeader("Content-Encoding", "gzip");
  response.end(wantsGzip ? gzipSync(bytes, { level: 1 }) : bytes);
}

/** chDB can do neither: it has no keeper, and nobody to talk to. */
function alone(statement: string): string {
  return statement.replace(/ ON CLUSTER \w+/, "").replace(/Replicated(\w*MergeTree)\('[^']*', '[^']*'(?:, )?/, "$1(");
}

function sessionOf(database: string): Promise<Session> {
  let session = sessions.get(database);
  if (session === undefined) {
    session = openSession(database);
    sessions.set(database, session);
    session.catch(() => sessions.delete(database));
  }
  return session;
}

async function openSession(database: string): Promise<Session> {
  const session = new OpenSession(data, { connectionArgs: [`--config-file=${config}`] });
  await session.queryAsync(`USE ${database}`, { format: "TabSeparated" });
  return session;
}

/** chDB takes text with an INSERT, but nothing binary: that goes through a file. */
async function insert(session: Session, database: string, statement: string, rows: Buffer): Promise<void> {
  const parsed = /^\s*INSERT\s+INTO\s+([\w.`]+)\s*(\([^)]*\))?\s*(SETTINGS\s.*?)?\s*FORMAT\s+(\w+)\s*$/is.exec(
    statement,
  );
  if (parsed === null) throw new Error(`Code: 62. DB::Exception: Not an INSERT with a format: ${statement}`);
  const [, table = "", columns, settings = "", format = ""] = parsed;
  const names = columns
    ?.slice(1, -1)
    .split(",")
    .map((name) => name.trim().replaceAll("`", ""));
  const structure = await structureOf(session, `${database} ${table}`, table, names);
  const path = join(data, `${randomUUID()}.rows`);
  writeFileSync(path, rows);
  try {
    await session.queryAsync(
      `INSERT INTO ${table} ${columns ?? ""} ${settings} SELECT * FROM file('${path}', '${format}', '${structure}')`,
      { format: "Null" },
    );
  } finally {
    rmSync(path);
  }
}

/** The columns that rows bring: of a table, those that are not computed. */
function structureOf(session: Session, key: string, table: string, names: string[] | undefined): Promise<string> {
  const wanted = `${key} ${names ?? ""}`;
  let structure = structures.get(wanted);
  if (structure === undefined) {
    structure = readStructure(session, table, names);
    structures.set(wanted, structure);
    structure.catch(() => structures.delete(wanted));
  }
  return structure;
}

async function readStructure(session: Session, table: string, names: string[] | undefined): Promise<string> {
  const lines = (await session.queryAsync(`DESCRIBE TABLE ${table}`, { format: "JSONEachRow" }))
    .text()
    .trim()
    .split("\n");
  const columns = lines.map((line) => JSON.parse(line) as { name: string; type: string; default_type: string });
  const brought = columns.filter(({ name, default_type }) =>
    names === undefined ? default_type !== "MATERIALIZED" && default_type !== "ALIAS" : names.includes(name),
  );
  if (names !== undefined) brought.sort((a, b) => names.indexOf(a.name) - names.indexOf(b.name));
  return brought.map(({ name, type }) => `${name} ${type.replaceAll("'", "\\'")}`).join(", ");
}

/** As ClickHouse does: the words in the body, the number in a header. */
function fail(response: ServerResponse, error: unknown): void {
  const text = error instanceof Error ? error.message : String(error);
  const code = /Code: (\d+)/.exec(text)?.[1] ?? "1002";
  response.statusCode = code === "60" || code === "81" ? 404 : 500;
  response.setHeader("X-ClickHouse-Exception-Code", code);
  response.end(text.endsWith(")") ? text : `${text} (UNKNOWN_EXCEPTION)`);
}
