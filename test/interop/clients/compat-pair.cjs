// One program for X-Ray's SDK for Node and for what stands for it. Run: node compat-pair.cjs
// With --import fluoroscope-sdk/compat/register it is ours. Each part's segment goes to the daemon under the part's name.
const http = require("node:http");
const { setTimeout: sleep } = require("node:timers/promises");
const AWSXRay = require("aws-xray-sdk-core");
const fetchPackage = require("aws-xray-sdk-fetch");
const captureMySQL = require("aws-xray-sdk-mysql");
const capturePostgres = require("aws-xray-sdk-postgres");
const database = require("./compat-database.cjs");

const namespace = AWSXRay.getNamespace();
AWSXRay.setContextMissingStrategy("IGNORE_ERROR");
AWSXRay.setLogger({ debug() {}, info() {}, warn() {}, error() {} });

/** Runs a part within a segment of its own, and ends it. */
function part(name, run) {
  return namespace.runPromise(async () => {
    const segment = new AWSXRay.Segment(name, "1-5759e988-bd862e3fe1be46a994272793", "53995c3f42cd8ad8");
    AWSXRay.setSegment(segment);
    await run(segment);
    segment.close();
  });
}

const end = (message) => new Promise((resolve) => message.resume().on("end", resolve));
const swallow = () => undefined;
const broken = () => {
  throw new TypeError("the pot is broken");
};

const parts = {
  async members(segment) {
    segment.setUser("earl");
    segment.addAnnotation("tea", "green");
    segment.addAnnotation("cups", 2);
    segment.addAnnotation("hot", true);
    segment.addAnnotation("refused", Number.NaN);
    segment.addAnnotation("refused too", {});
    segment.addMetadata("pot", { size: 3, count: 12n, lid: null });
    segment.addMetadata("none", null);
    segment.addMetadata("pot", [1, 2], "kitchen");
    segment.addMetadata("refused", 1, 5);
    segment.setMatchedSamplingRule("tea");
    segment.addPluginData({ ec2: { instance_id: "i-1" } });
    const subsegment = segment.addNewSubsegment("brew");
    subsegment.addAttribute("namespace", "remote");
    subsegment.addAttribute("custom", { any: ["thing"] });
    subsegment.addPrecursorId("1234567890abcdef");
    subsegment.addSqlData(new AWSXRay.database.SqlData("8.4", "2.0", "tea", "mysql://db/tea", "statement"));
    subsegment.addErrorFlag();
    subsegment.addThrottleFlag();
    const below = new AWSXRay.Subsegment("pour");
    subsegment.addSubsegment(below);
    below.addAnnotation("sugar", false);
    below.close();
    subsegment.close();
    const gone = segment.addNewSubsegment("gone");
    gone.close();
    segment.removeSubsegment(gone);
  },

  async captures(segment) {
    const answer = AWSXRay.captureFunc("one", (one) => {
      one.addAnnotation("depth", 1);
      return AWSXRay.captureFunc("two", () => AWSXRay.getSegment().name);
    });
    segment.addAnnotation("answer", answer);
    await AWSXRay.captureAsyncFunc("slow", async (slow) => {
      await sleep(2);
      AWSXRay.captureFunc("within slow", () => undefined);
      slow.close();
    });
    await Promise.all(
      ["left", "right"].map((name) =>
        AWSXRay.captureAsyncFunc(name, async (subsegment) => {
          await sleep(1);
          AWSXRay.captureFunc(`below ${name}`, () => undefined);
          subsegment.close();
        }),
      ),
    );
    await new Promise((resolve) => {
      setTimeout(
        AWSXRay.captureCallbackFunc("called back", (cup) => {
          AWSXRay.getSegment().addAnnotation("cup", cup);
          resolve();
        }),
        1,
        "blue",
      );
    });
    const before = AWSXRay.getSegment();
    const inPlace = segment.addNewSubsegment("in place");
    AWSXRay.setSegment(inPlace);
    await sleep(1);
    AWSXRay.captureFunc("within in place", () => undefined);
    AWSXRay.setSegment(before);
    inPlace.close();
  },

  async errors(segment) {
    try {
      AWSXRay.captureFunc("outer", () => AWSXRay.captureFunc("inner", broken));
    } catch (error) {
      segment.addError(error);
    }
    segment.addNewSubsegment("text").close("only a text");
    segment.addNewSubsegment("remote").close(new RangeError("too far"), true);
    const none = segment.addNewSubsegment("none");
    none.addError(undefined);
    none.close(null);
  },

  async unclosed(segment) {
    const open = segment.addNewSubsegment("ends after its segment");
    setTimeout(() => open.close(), 5);
  },

  async unsampled(segment) {
    segment.notTraced = true;
    const subsegment = segment.addNewSubsegment("never seen");
    subsegment.addNewSubsegmentWithoutSampling("nor this").close();
    subsegment.close();
  },

  async unsampledPart(segment) {
    segment.addNewSubsegmentWithoutSampling("left out").close();
    segment.addNewSubsegment("left in").close();
  },

  async streamed(segment) {
    for (let index = 0; index < 8; index += 1) segment.addNewSubsegment("ended").close();
    AWSXRay.setStreamingThreshold(3);
    const open = [1, 2, 3, 4].map(() => segment.addNewSubsegment("open"));
    for (const each of open) {
      each.addNewSubsegment("below").close();
      each.close();
    }
    AWSXRay.setStreamingThreshold(100);
  },

  async calls(segment) {
    const client = AWSXRay.captureHTTPs(http, true);
    const get = (path, options = {}) =>
      new Promise((resolve, reject) => {
        client
          .get(`${stock}${path}`, options, async (answer) => {
            segment.addAnnotation(`current_${path.replaceAll(/\W/g, "")}`, AWSXRay.getSegment().name);
            await end(answer);
            resolve();
          })
          .on("error", reject);
      });
    await get("/200?secret=1");
    await get("/404");
    await get("/429");
    await get("/503");
    await get("/200", { method: "POST", headers: { accept: "text/tea" } });
    await get("/200", { headers: { "X-Amzn-Trace-Id": "Root=1-2" } });
    await new Promise((resolve) => client.get({ host: "127.0.0.1", port: closedPort, path: "/" }).on("error", resolve));
  },

  async fetches() {
    const captured = fetchPackage.enableCapture(globalThis.fetch, globalThis.Request, true, (subsegment, request) => {
      subsegment.addAnnotation("asked", request.method);
    });
    await (await captured(`${stock}/200?secret=1`)).text();
    await (await captured(`${stock}/404`, { method: "PUT", body: "tea" })).text();
    await (await captured(new Request(`${stock}/429`))).text();
    await captured(`http://127.0.0.1:${closedPort}/`).catch(swallow);
  },

  async queries(segment) {
    const pg = capturePostgres(database.pg());
    const client = new pg.Client();
    await new Promise((resolve) => client.query("select 1", resolve));
    await new Promise((resolve) => client.query("select $1", [1], resolve));
    await new Promise((resolve) => client.query({ name: "named", text: "select 2" }, resolve));
    await new Promise((resolve) => client.query("fail", resolve));
    const rows = client.query(new pg.Query("select 3"));
    await new Promise((resolve) => rows.on("end", resolve));
    const mysql = captureMySQL(database.mysql());
    const connection = mysql.createConnection({ user: "tea", host: "db", port: 3306, database: "leaves" });
    await new Promise((resolve) => connection.query("select 1", resolve));
    await new Promise((resolve) => connection.query("select ?", [1], resolve));
    await new Promise((resolve) => connection.query({ sql: "select ?", values: [2] }, resolve));
    await new Promise((resolve) => connection.query("fail", resolve));
    const selected = connection.query("select 4");
    await new Promise((resolve) => selected.on("end", resolve));
    const pool = mysql.createPool({ user: "tea", host: "db", port: 3306, database: "leaves" });
    await new Promise((resolve) => pool.getConnection((_, pooled) => pooled.query("select 5", resolve)));
    segment.addAnnotation("current", AWSXRay.getSegment().name);
  },

  async aws() {
    const { GetTraceSummariesCommand, XRayClient } = require("@aws-sdk/client-xray");
    AWSXRay.appendAWSWhitelist({
      services: { xray: { operations: { getTraceSummaries: { request_parameters: ["FilterExpression"] } } } },
    });
    const credentials = { accessKeyId: "test", secretAccessKey: "test" };
    const client = new XRayClient({ region: "eu-west-1", endpoint: `${stock}/aws`, credentials, maxAttempts: 1 });
    AWSXRay.captureAWSv3Client(AWSXRay.captureAWSv3Client(client));
    const ask = (filter) =>
      client.send(
        new GetTraceSummariesCommand({ StartTime: new Date(0), EndTime: new Date(1), FilterExpression: filter }),
      );
    await ask("fault");
    await ask("throttle").catch(swallow);
    await ask("broken").catch(swallow);
    const service = AWSXRay.captureAWSClient(database.awsService());
    for (const operation of ["getItem", "putItem"]) await service.call(operation, { TableName: "leaves" });
    await service.call("listTables", { Limit: 3 });
    await service.call("fail", {}).catch(swallow);
  },
};

async function manual() {
  AWSXRay.enableManualMode();
  const segment = new AWSXRay.Segment("manual", "1-5759e988-bd862e3fe1be46a994272793");
  AWSXRay.captureFunc("by hand", (subsegment) => subsegment.addAnnotation("by", "hand"), segment);
  const client = AWSXRay.captureHTTPs(http, false);
  await new Promise((resolve) => {
    client.get({ ...address, path: "/200", XRaySegment: segment }, (answer) => end(answer).then(resolve));
  });
  const pg = capturePostgres(database.pg());
  await new Promise((resolve) => new pg.Client().query("select $1", [1], resolve, segment));
  segment.close();
  AWSXRay.enableAutomaticMode();
}

let stock;
let address;
let closedPort;
const headers = [];

function findClosedPort() {
  return new Promise((resolve) => {
    const server = http.createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

async function main() {
  const server = http.createServer((request, response) => {
    if (request.url.startsWith("/aws")) return database.answerAws(request, response);
    const traced = request.headers["x-amzn-trace-id"];
    if (traced !== undefined) headers.push(traced.replaceAll(/Parent=\w+/g, "Parent=…"));
    const body = `${request.method} tea`;
    response.writeHead(Number(request.url.slice(1, 4)), { "content-length": body.length }).end(body);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  address = { host: "127.0.0.1", port: server.address().port };
  closedPort = await findClosedPort();
  stock = `http://127.0.0.1:${address.port}`;
  for (const [name, run] of Object.entries(parts)) {
    await part(name, run);
    // One part's documents before those of the next.
    await sleep(20);
  }
  await manual();
  await sleep(50);
  console.log(JSON.stringify({ ports: [address.port, closedPort], headers }));
  server.close();
  server.closeAllConnections();
}

main();
