// What databases and AWS would answer, as far as SDKs that wrap their clients look at it.
const { EventEmitter } = require("node:events");

const failed = () => Object.assign(new Error("no such table"), { code: "42P01" });

/** `pg` as it works with callbacks, submitted queries and promises. */
exports.pg = () => {
  class Query extends EventEmitter {
    constructor(config, values, callback) {
      super();
      const { text, name, values: given, callback: own } = typeof config === "string" ? { text: config } : config;
      Object.assign(this, { text, name, values: values ?? given, callback: callback ?? own });
    }
    submit() {
      return undefined;
    }
  }
  class Client {
    database = "leaves";
    host = "db";
    connectionParameters = { user: "tea", host: "db", port: 5432, database: "leaves" };
    queryQueue = [];
    activeQuery = null;
    _queryable = true;
    query(config, values, callback) {
      if (typeof config.submit === "function") {
        this.activeQuery = config;
        setTimeout(() => config.emit("end"), 1);
        return config;
      }
      const parameters = typeof values === "function" ? undefined : values;
      const query = new Query(config, parameters, typeof values === "function" ? values : callback);
      this.activeQuery = query;
      const answer = () => (query.text === "fail" ? [failed()] : [null, { rows: [] }]);
      if (query.callback) {
        setTimeout(() => query.callback(...answer()), 1);
        return undefined;
      }
      return new Promise((resolve, reject) => {
        setTimeout(() => {
          const [error, result] = answer();
          if (error) reject(error);
          else resolve(result);
        }, 1);
      });
    }
  }
  return { Client, Query };
};

/** `mysql` as it works with callbacks and emitters. */
exports.mysql = () => {
  class Connection {
    constructor(config) {
      this.config = config;
    }
    query(options, values, callback) {
      const rows = new EventEmitter();
      const done = typeof values === "function" ? values : callback;
      const { sql } = typeof options === "string" ? { sql: options } : options;
      setTimeout(() => {
        if (done) done(...(sql === "fail" ? [failed()] : [null, []]));
        else rows.emit("end");
      }, 1);
      return rows;
    }
  }
  class Pool extends Connection {
    getConnection(callback) {
      setTimeout(() => callback(null, new Connection(this.config)), 1);
    }
  }
  const createConnection = (config) => new Connection(config);
  const createPool = (config) => new Pool({ connectionConfig: config });
  return { createConnection, createPool, createPoolCluster: () => new Pool({}) };
};

/** A client of the AWS SDK, version 2, for DynamoDB. */
exports.awsService = () => ({
  serviceIdentifier: "dynamodb",
  customizeRequests(customise) {
    this.customise = customise;
  },
  throttledError: (error) => error.code === "Throttling",
  call(operation, params) {
    const request = Object.assign(new EventEmitter(), {
      operation,
      params,
      httpRequest: { headers: {}, region: "eu-west-1" },
      send() {
        this.emit("build", this);
        const error = operation === "fail" ? { message: "slower", code: "Throttling" } : null;
        const data = error ? null : operation === "listTables" ? { TableNames: ["a", "b"] } : { ConsumedCapacity: 2 };
        const httpResponse = { statusCode: error ? 400 : 200, headers: { "content-length": "12" } };
        const response = { request: this, requestId: "r-1", retryCount: 1, data, error, httpResponse };
        setTimeout(() => this.emit("complete", response), 1);
      },
    });
    this.customise(request);
    return new Promise((resolve, reject) => {
      request.on("complete", ({ error }) => (error ? reject(error) : resolve()));
      request.send();
    });
  },
});

/** X-Ray's API, as far as one operation of it. */
exports.answerAws = (request, response) => {
  let text = "";
  request.on("data", (part) => {
    text += part;
  });
  request.on("end", () => {
    const { FilterExpression: filter } = JSON.parse(text);
    const answer = (status, type, body) => {
      const head = { "content-type": "application/json", "x-amzn-requestid": "r-2", "x-amzn-errortype": type };
      response.writeHead(status, head).end(JSON.stringify(body));
    };
    if (filter === "throttle") answer(429, "ThrottledException", { Message: "slower" });
    else if (filter === "broken") answer(500, "InternalFailure", { Message: "broken" });
    else answer(200, "", { TraceSummaries: [] });
  });
};
