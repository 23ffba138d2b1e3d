import fc from "fast-check";
import { expect, it } from "vitest";
import type { DaemonConfig } from "./daemon-config.ts";
import { daemonSettings } from "./daemon-config.ts";
import { type DaemonOrder, readDaemonConfig } from "./read-daemon-config.ts";

interface Surroundings {
  readonly environment?: Readonly<Record<string, string>>;
  /** What `./cfg.yaml` holds, below its version. */
  readonly file?: string;
  readonly usableBytes?: number;
}

function order(
  words: string,
  { environment = {}, file, usableBytes = 2 ** 30 }: Surroundings = {},
): Promise<DaemonOrder> {
  const readFile = (path: string): string => {
    if (path === "cfg.yaml" && file !== undefined) return `Version: 2\n${file}`;
    throw Object.assign(new Error(`ENOENT: ${path}`), { code: "ENOENT" });
  };
  return readDaemonConfig({
    words: words === "" ? [] : words.split(" "),
    environment: { HOME: "/home/me", ...environment },
    readFile,
    usableBytes,
  });
}

async function config(words = "", surroundings: Surroundings = {}): Promise<DaemonConfig> {
  const read = await order(words, surroundings);
  if (read.kind !== "run") throw new Error(`not to be run: ${JSON.stringify(read)}`);
  return read.config;
}

async function mistake(words: string, surroundings: Surroundings = {}): Promise<string> {
  const read = await order(words, surroundings);
  if (read.kind !== "mistake") throw new Error(`no mistake: ${JSON.stringify(read)}`);
  expect(read.error.code).toBe("FLUORO_BAD_CONFIG");
  return read.error.message;
}

it("nothing said: the original's defaults, and ours", async () => {
  const read = await config();
  expect(read).toEqual({
    udpAddress: { host: "127.0.0.1", port: 2_000 },
    tcpAddress: { host: "127.0.0.1", port: 2_000 },
    destinations: ["aws"],
    localMode: false,
    verifyTls: true,
    memoryBytes: Math.floor(2 ** 30 / 100),
    concurrency: 8,
    spillFolder: "/home/me/.local/state/fluoroscope/daemon-2000",
    spillMaxBytes: 1_000_000_000,
    shutdownSeconds: 5,
    logLevel: "prod",
    logRotation: true,
    logFormat: "text",
  });
  expect(Object.isFrozen(read)).toBe(true);
});

it("a file with every key of the original at its default changes nothing", async () => {
  const file = `
TotalBufferSizeMB: 0
Concurrency: 8
Region: ""
Endpoint: ""
Socket: { UDPAddress: "127.0.0.1:2000", TCPAddress: "127.0.0.1:2000" }
Logging: { LogRotation: true, LogLevel: "prod", LogPath: "" }
LocalMode: false
ResourceARN: ""
RoleARN: ""
NoVerifySSL: false
ProxyAddress: ""
`;
  expect(await config("", { file })).toEqual(await config());
});

it("every flag of the original, short", async () => {
  const words =
    "-a arn:x -o -m 24 -n eu-west-1 -b 0.0.0.0:2001 -t [::1]:2002 -r arn:role -f /x.log -l warn -p proxy:3128";
  expect(await config(words)).toMatchObject({
    resourceArn: "arn:x",
    localMode: true,
    memoryBytes: 24 * 2 ** 20,
    region: "eu-west-1",
    udpAddress: { host: "0.0.0.0", port: 2_001 },
    tcpAddress: { host: "::1", port: 2_002 },
    roleArn: "arn:role",
    logPath: "/x.log",
    logLevel: "warn",
    proxyAddress: "http://proxy:3128",
  });
});

it("every flag of the original, long", async () => {
  const words =
    "--resource-arn=arn:x --local-mode=true --buffer-memory=24 --region=eu-west-1 --bind=:2001 --bind-tcp=localhost:2002 " +
    "--role-arn=arn:role --log-file=/x.log --log-level=dev --proxy-address=https://me:pw@proxy:3128";
  expect(await config(words)).toMatchObject({
    resourceArn: "arn:x",
    localMode: true,
    memoryBytes: 24 * 2 ** 20,
    region: "eu-west-1",
    udpAddress: { host: "::", port: 2_001 },
    tcpAddress: { host: "localhost", port: 2_002 },
    roleArn: "arn:role",
    logPath: "/x.log",
    logLevel: "dev",
    proxyAddress: "https://me:pw@proxy:3128",
  });
});

it("every flag of ours", async () => {
  const words =
    "--to aws --to=http://127.0.0.1:2100 --to otlp:http://c:4318 --to aws --endpoint https://x.example --concurrency 3 " +
    "--external-id 007 --ca-file /ca.pem --no-verify-ssl --spill-dir /spill --spill-max-size 2GB --shutdown-timeout 20s " +
    "--log-format json";
  expect(await config(words)).toMatchObject({
    destinations: ["aws", "http://127.0.0.1:2100", "otlp:http://c:4318"],
    endpoint: "https://x.example",
    concurrency: 3,
    externalId: "007",
    caFile: "/ca.pem",
    verifyTls: false,
    spillFolder: "/spill",
    spillMaxBytes: 2_000_000_000,
    shutdownSeconds: 20,
    logFormat: "json",
  });
});

it("a flag goes before the file, the file before the environment, the environment before the default", async () => {
  const environment = { FLUOROSCOPE_DAEMON_LOG_LEVEL: "warn" };
  const file = "Logging:\n  LogLevel: error";
  expect((await config("", {})).logLevel).toBe("prod");
  expect((await config("", { environment })).logLevel).toBe("warn");
  expect((await config("", { environment, file })).logLevel).toBe("error");
  expect((await config("-l debug", { environment, file })).logLevel).toBe("debug");
});

it("the region is AWS_REGION's only when neither flag nor file has one, and ours goes before it", async () => {
  const environment = { AWS_REGION: "eu-west-1" };
  expect((await config("", { environment })).region).toBe("eu-west-1");
  expect((await config("", { environment, file: "Region: eu-west-2" })).region).toBe("eu-west-2");
  expect((await config("-n eu-west-3", { environment })).region).toBe("eu-west-3");
  const both = { ...environment, FLUOROSCOPE_DAEMON_REGION: "eu-west-4" };
  expect((await config("", { environment: both })).region).toBe("eu-west-4");
});

it("a flag without text takes back what the file says", async () => {
  const file = "Region: eu-west-2\nLogging:\n  LogPath: /x.log";
  const read = await config("--region= -f=", { file, environment: { AWS_REGION: "eu-west-1" } });
  expect(read).toMatchObject({ region: "eu-west-1", logPath: undefined });
});

it("a switch of the file can be taken back too", async () => {
  const file = "LocalMode: true\nNoVerifySSL: true\nFluoroscope:\n  NoSpill: true";
  expect(await config("", { file })).toMatchObject({ localMode: true, verifyTls: false, spillFolder: undefined });
  const read = await config("-o=false --no-verify-ssl=false --no-spill=false", { file });
  expect(read).toMatchObject({ localMode: false, verifyTls: true, spillFolder: expect.any(String) });
});

it("several destinations come from one variable with commas, or from a list in the file", async () => {
  const destinations = ["aws", "http://a:1"];
  expect(await config("", { environment: { FLUOROSCOPE_DAEMON_TO: "aws, http://a:1" } })).toMatchObject({
    destinations,
  });
  expect(await config("", { file: "Fluoroscope:\n  To: [aws, 'http://a:1']" })).toMatchObject({ destinations });
});

it.each([
  [0, 3 * 2 ** 20],
  [100 * 2 ** 20, 3 * 2 ** 20],
  [1_000 * 2 ** 20, 10 * 2 ** 20],
  [24 * 2 ** 30, 32 * 2 ** 20],
])("of %d bytes of memory, documents get %d", async (usableBytes, memoryBytes) => {
  expect((await config("", { usableBytes })).memoryBytes).toBe(memoryBytes);
  expect((await config("-m 0", { usableBytes })).memoryBytes).toBe(memoryBytes);
  expect((await config("-m -7", { usableBytes, file: "TotalBufferSizeMB: 9" })).memoryBytes).toBe(memoryBytes);
});

it("more memory is given to who asks for it", async () => {
  expect((await config("-m 4096")).memoryBytes).toBe(4_096 * 2 ** 20);
});

it.each([
  [{ STATE_DIRECTORY: "/var/lib/fluoroscope:/other" }, "/var/lib/fluoroscope/spill"],
  [{ XDG_STATE_HOME: "/state" }, "/state/fluoroscope/daemon-2399"],
  [{ XDG_STATE_HOME: "relative" }, "/home/me/.local/state/fluoroscope/daemon-2399"],
])("with %j the spill is in %s", async (environment, spillFolder) => {
  expect((await config("-b 127.0.0.1:2399", { environment })).spillFolder).toBe(spillFolder);
});

it.each([
  ["-b 127.0.0.1", '-b (--bind) is "127.0.0.1", which does not fit. Write host:port'],
  ["--bind-tcp=x:99999", '-t (--bind-tcp) is "x:99999", which does not fit. Write host:port'],
  ["-m 2", '-m (--buffer-memory) is "2", which does not fit. Write a number of megabytes from 3 on'],
  ["-p ftp://x", '-p (--proxy-address) is "ftp://x", which does not fit.'],
  ["-p ftp://me:secret@x", '-p (--proxy-address) is "ftp://x", which does not fit.'],
  ["-n no/region", '-n (--region) is "no/region", which does not fit.'],
  ["--to ftp://x", '--to is "ftp://x", which does not fit. Write aws, http://host:2000'],
  ["--to aws,", '--to is "aws,", which does not fit.'],
  ["--endpoint x", '--endpoint is "x", which does not fit.'],
  ["--concurrency 0", '--concurrency is "0", which does not fit. Write a number from 1 to 1000.'],
  ["--spill-max-size big", '--spill-max-size is "big", which does not fit.'],
  ["--shutdown-timeout soon", '--shutdown-timeout is "soon", which does not fit.'],
  ["--log-format xml", '--log-format is "xml", which does not fit. Write text or json.'],
])("%s is refused: what, where, what to do", async (words, sentence) => {
  expect(await mistake(words)).toContain(sentence);
});

it("a bad value in the file or in a variable is said to be there", async () => {
  expect(await mistake("", { file: "Socket:\n  UDPAddress: here" })).toMatch(
    /^Socket\.UDPAddress in cfg\.yaml is "here"/,
  );
  expect(await mistake("", { file: "Concurrency: -1" })).toMatch(/^Concurrency in cfg\.yaml is "-1"/);
  const environment = { FLUOROSCOPE_DAEMON_LOG_FORMAT: "xml" };
  expect(await mistake("", { environment })).toMatch(/^\$FLUOROSCOPE_DAEMON_LOG_FORMAT is "xml"/);
});

it("a level that nobody knows is warned about, and the next source has the say", async () => {
  const read = await order("-l loud", { file: "Logging:\n  LogLevel: error" });
  expect(read).toMatchObject({ kind: "run", config: { logLevel: "error" } });
  expect(read).toMatchObject({ warnings: [expect.stringContaining('-l (--log-level) is "loud"')] });
  expect(await order("", { file: "Logging:\n  LogLevel: loud" })).toMatchObject({ config: { logLevel: "prod" } });
});

it.each(["127.0.0.1:2000", "localhost:2000"])(
  "sending to itself at %s is refused: it would never end",
  async (address) => {
    expect(await mistake(`--to http://${address}`)).toContain(
      "is this daemon's own address 127.0.0.1:2000. Name another",
    );
    expect(await config(`--to http://${address} -t 127.0.0.1:2001`)).toMatchObject({
      destinations: [`http://${address}`],
    });
  },
);

it("the original's variables for profiles are said to have no effect", async () => {
  const read = await order("", { environment: { XRAY_DAEMON_CPU_PROFILE: "/x" } });
  expect(read).toMatchObject({
    kind: "run",
    warnings: [expect.stringContaining("$XRAY_DAEMON_CPU_PROFILE has no effect")],
  });
});

it("flags and variables are named alike, and no two alike", () => {
  const rows = Object.values(daemonSettings);
  for (const { names, environment } of rows) {
    const variable = `FLUOROSCOPE_DAEMON_${names?.[0].toUpperCase().replaceAll("-", "_") ?? "LOG_ROTATION"}`;
    expect(environment[0]).toBe(variable);
  }
  const all = [...rows.flatMap(({ names }) => names ?? []), ...rows.map(({ key }) => key)];
  expect(new Set(all).size).toBe(all.length);
});

it("no words, no file and no variable make it throw", async () => {
  const flag = fc.constantFrom(
    ...Object.values(daemonSettings).flatMap(({ names }) => names ?? []),
    "c",
    "v",
    "h",
    "healthcheck",
  );
  const value = fc.oneof(
    fc.string(),
    fc.constantFrom("aws", "http://x", "1", "-1", "a:1", "5s", "%", "otlp:", "http://["),
  );
  const word = fc.oneof(
    fc.tuple(flag, value).map(([name, text]) => `-${name}=${text}`),
    flag.map((name) => `--${name}`),
    value,
  );
  const file = fc.option(fc.tuple(fc.constantFrom(...Object.values(daemonSettings).map(({ key }) => key)), value));
  await fc.assert(
    fc.asyncProperty(fc.array(word), file, value, async (words, inFile, variable) => {
      const content = `Version: 1\n${inFile === null ? "" : JSON.stringify(inFile[0])}: ${JSON.stringify(inFile?.[1])}`;
      const environment = Object.fromEntries(
        Object.values(daemonSettings).map((row) => [row.environment[0]!, variable]),
      );
      const read = await readDaemonConfig({ words, environment, readFile: () => content });
      expect(["run", "healthcheck", "version", "exit", "mistake"]).toContain(read.kind);
    }),
    { numRuns: 500 },
  );
});
