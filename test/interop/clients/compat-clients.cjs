// Real clients of databases and of AWS, captured by X-Ray's SDK for Node or by what stands for it.
// Run: node compat-clients.cjs <postgres|rejected|mysql2|aws2|aws3>
// MORE_CLIENTS is a folder of packages that are not among the tests' own; FLUOROSCOPE_API is the URL of an `up`, POSTGRES_URL
// that of examples/fetch-and-sql/postgres.mjs.
const { spawn } = require("node:child_process");
const { once } = require("node:events");
const { createRequire } = require("node:module");
const { join } = require("node:path");
const { createInterface } = require("node:readline");
const { setTimeout: sleep } = require("node:timers/promises");
const AWSXRay = require("aws-xray-sdk-core");
const captureMySQL = require("aws-xray-sdk-mysql");
const capturePostgres = require("aws-xray-sdk-postgres");

AWSXRay.setLogger({ debug() {}, info() {}, warn() {}, error() {} });

const requireMore = createRequire(join(process.env.MORE_CLIENTS ?? __dirname, "any.js"));
const examples = join(__dirname, "../../../examples");
const swallow = () => undefined;
const credentials = { accessKeyId: "test", secretAccessKey: "test" };
const period = { StartTime: new Date(0), EndTime: new Date(1_000) };
const ports = [];
const servers = [];

/** Starts a server of an example. Answers its URL. */
async function start(program) {
  const child = spawn(process.execPath, [join(examples, program), "0"], { stdio: ["ignore", "pipe", "inherit"] });
  servers.push(() => child.kill());
  const [line] = await once(createInterface({ input: child.stdout }), "line");
  return known(/\w+:\/\/\S+/.exec(line)[0]);
}

/** The URL of a server that runs already. */
function known(text) {
  const url = new URL(text);
  ports.push(Number(url.port));
  return url;
}

const clients = {
  /** PostgreSQL's own engine behind its own protocol. */
  async postgres() {
    const pg = capturePostgres(require("pg"));
    const url = known(process.env.POSTGRES_URL);
    return async () => {
      const client = new pg.Client({ connectionString: url.href });
      await client.connect();
      const { rows } = await client.query("select cents from prices where tea = $1", ["green"]);
      AWSXRay.getSegment().addAnnotation("cents", rows[0].cents);
      await new Promise((resolve) => client.query("select 1 as one", (_, result) => resolve(result.rows)));
      await client.query({ name: `all ${process.pid}`, text: "select tea from prices order by tea" });
      await new Promise((resolve) => client.query("select * from cups", resolve));
      await client.query("begin");
      await client.query("rollback");
      await client.end();
      const pool = new pg.Pool({ connectionString: url.href, max: 1 });
      const pooled = await pool.query("select count(*)::int as teas from prices");
      AWSXRay.getSegment().addAnnotation("teas", pooled.rows[0].teas);
      await pool.end();
    };
  },

  /** A promise that is rejected: X-Ray's SDK never hears of it, and its segment is never sent. */
  async rejected() {
    const pg = capturePostgres(require("pg"));
    const url = known(process.env.POSTGRES_URL);
    return async () => {
      const client = new pg.Client({ connectionString: url.href });
      await client.connect();
      await client.query("select * from cups").catch(swallow);
      await client.end();
    };
  },

  /** MySQL's protocol, served by mysql2 itself. */
  async mysql2() {
    const mysql2 = requireMore("mysql2");
    const server = mysql2.createServer((connection) => {
      const hello = { protocolVersion: 10, serverVersion: "8.4.0", connectionId: 1, statusFlags: 2, characterSet: 45 };
      // Each command and its answer are numbered anew, which is left to the server's program.
      const anew = () => connection._resetSequenceId();
      const authCallback = (_, welcome) => anew(welcome());
      connection.serverHandshake({ ...hello, capabilityFlags: 0xff_f7_ff, authCallback });
      connection.on("error", swallow);
      connection.on("query", (sql) => {
        if (sql.includes("cups")) connection.writeError({ message: "no such table", code: 1146 });
        else connection.writeTextResult([{ cents: 320 }], [column("cents")]);
        anew();
      });
    });
    const column = (name) => ({
      ...{ catalog: "def", schema: "shop", table: "prices", orgTable: "prices", name, orgName: name },
      ...{ characterSet: 63, columnLength: 11, columnType: 3, flags: 0, decimals: 0 },
    });
    server.listen(0, "127.0.0.1");
    await once(server._server, "listening");
    const { port } = server._server.address();
    ports.push(port);
    servers.push(() => server.close());
    const mysql = captureMySQL(mysql2);
    const promised = captureMySQL(requireMore("mysql2/promise"));
    const options = { host: "127.0.0.1", port, user: "tea", database: "shop" };
    return async () => {
      const connection = mysql.createConnection(options);
      const rows = await new Promise((resolve) => connection.query("select cents", (_, found) => resolve(found)));
      AWSXRay.getSegment().addAnnotation("cents", rows[0].cents);
      await new Promise((resolve) => connection.query("select ?", [1], resolve));
      await new Promise((resolve) => connection.query("select * from cups", resolve));
      await new Promise((resolve) => connection.end(resolve));
      const pool = mysql.createPool({ ...options, connectionLimit: 1 });
      await new Promise((resolve) => pool.query("select 2", resolve));
      await new Promise((resolve) => pool.end(resolve));
      const other = await promised.createConnection(options);
      const [found] = await other.query("select cents where tea = ?", ["green"]);
      AWSXRay.getSegment().addAnnotation("promised", found[0].cents);
      await other.query("select * from cups").catch(swallow);
      await other.end();
    };
  },

  /** Version 2 of AWS's SDK, with a stub of DynamoDB and with fluoroscope's own X-Ray API. */
  async aws2() {
    const aws = AWSXRay.captureAWS(requireMore("aws-sdk"));
    const options = { region: "eu-west-1", credentials, maxRetries: 0 };
    const table = await start("aws-sdk/dynamodb.mjs");
    const dynamodb = new aws.DynamoDB({ ...options, endpoint: table.origin });
    const xray = new aws.XRay({ ...options, endpoint: process.env.FLUOROSCOPE_API });
    return async () => {
      const item = (tea) => ({ TableName: "teas", Key: { tea: { S: tea } } });
      const { Item } = await dynamodb.getItem(item("green")).promise();
      AWSXRay.getSegment().addAnnotation("cents", Item.cents.N);
      await dynamodb.getItem(item("oolong")).promise().catch(swallow);
      await new Promise((resolve) => dynamodb.getItem(item("green"), resolve));
      await xray.getTraceSummaries(period).promise();
      await xray
        .getTraceSummaries({ ...period, FilterExpression: "no filter" })
        .promise()
        .catch(swallow);
    };
  },

  /** Version 3, with both. */
  async aws3() {
    const { DynamoDBClient, GetItemCommand } = require("@aws-sdk/client-dynamodb");
    const { GetTraceSummariesCommand, XRayClient } = require("@aws-sdk/client-xray");
    const options = { region: "eu-west-1", credentials, maxAttempts: 1 };
    const table = await start("aws-sdk/dynamodb.mjs");
    const dynamodb = AWSXRay.captureAWSv3Client(new DynamoDBClient({ ...options, endpoint: table.origin }));
    const xray = AWSXRay.captureAWSv3Client(new XRayClient({ ...options, endpoint: process.env.FLUOROSCOPE_API }));
    return async () => {
      const get = (tea) => dynamodb.send(new GetItemCommand({ TableName: "teas", Key: { tea: { S: tea } } }));
      const { Item } = await get("green");
      AWSXRay.getSegment().addAnnotation("cents", Item.cents.N);
      await get("oolong").catch(swallow);
      await xray.send(new GetTraceSummariesCommand(period));
      await xray.send(new GetTraceSummariesCommand({ ...period, FilterExpression: "no filter" })).catch(swallow);
    };
  },
};

async function main(name) {
  const use = await clients[name]();
  await AWSXRay.getNamespace().runPromise(async () => {
    const segment = new AWSXRay.Segment(name, "1-5759e988-bd862e3fe1be46a994272793");
    AWSXRay.setSegment(segment);
    await use();
    segment.close();
  });
  await sleep(50);
  console.log(JSON.stringify({ ports, headers: [] }));
  process.exit(0);
}

process.on("exit", () => {
  for (const close of servers) close();
});

main(process.argv[2]);
