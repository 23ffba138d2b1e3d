import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { ourChoices } from "./aws-choices.ts";
import { configPath, readConfig, settings } from "./config.ts";
import type { FluoroscopeError } from "./errors.ts";

const folder = mkdtempSync(join(tmpdir(), "fluoroscope-config-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** An environment in which no real configuration is found. */
const bare = { HOME: join(folder, "nobody") };

function aFile(content: string): string {
  const path = join(folder, `${Math.random()}.json`);
  writeFileSync(path, content);
  return path;
}

function failureOf(run: () => unknown): FluoroscopeError {
  try {
    run();
  } catch (error) {
    return error as FluoroscopeError;
  }
  throw new Error("nothing was thrown");
}

it("nothing said: the defaults, and each says that it is one", () => {
  const { config, origins } = readConfig({ environment: bare });
  expect(config).toEqual({
    port: 2000,
    host: "127.0.0.1",
    dataDir: join(folder, "nobody", ".local", "share", "fluoroscope"),
    ephemeral: false,
    retention: 604_800,
    maxSize: 10_000_000_000,
    queueBytes: 64_000_000,
    keep: [],
    keepRest: 1,
    decideAfter: 10,
    holdBytes: 64_000_000,
    otlpHttpPort: undefined,
    otlpGrpcPort: undefined,
    accountId: "000000000000",
    region: "us-east-1",
    strictLimits: false,
    awsChoices: ourChoices,
    upstream: undefined,
    noStore: false,
    upstreamEndpoint: undefined,
    upstreamRole: undefined,
    unsafeNoAuth: false,
    logFormat: "auto",
    logLevel: "info",
  });
  expect(Object.isFrozen(config)).toBe(true);
  expect(new Set(Object.values(origins).map((origin) => origin.kind))).toEqual(new Set(["default"]));
});

it("a flag goes before the environment, the environment before the file, the file before the default", () => {
  const file = aFile('{"port": 1, "host": "::1", "region": "eu-west-1"}');
  const environment = { ...bare, FLUOROSCOPE_PORT: "2", FLUOROSCOPE_HOST: "localhost" };
  const { config, origins } = readConfig({ flags: { port: "3" }, environment, file });
  expect(config).toMatchObject({ port: 3, host: "localhost", region: "eu-west-1", logLevel: "info" });
  expect(origins.port).toEqual({ kind: "flag", name: "--port" });
  expect(origins.host).toEqual({ kind: "environment", name: "FLUOROSCOPE_HOST" });
  expect(origins.region).toEqual({ kind: "file", name: file });
  expect(origins.logLevel).toEqual({ kind: "default", name: "default" });
});

it("the region is also taken from AWS's variables, ours first", () => {
  expect(readConfig({ environment: { ...bare, AWS_REGION: "eu-west-1" } }).config.region).toBe("eu-west-1");
  const both = { ...bare, AWS_REGION: "eu-west-1", FLUOROSCOPE_REGION: "eu-west-2" };
  expect(readConfig({ environment: both }).config.region).toBe("eu-west-2");
});

it("an empty variable counts as unset", () => {
  expect(readConfig({ environment: { ...bare, FLUOROSCOPE_PORT: "" } }).config.port).toBe(2000);
});

it("the configuration file is found in the user's configuration folder", () => {
  expect(configPath({ XDG_CONFIG_HOME: "/etc/x", HOME: "/home/a" })).toBe("/etc/x/fluoroscope/config.json");
  expect(configPath({ HOME: "/home/a" })).toBe("/home/a/.config/fluoroscope/config.json");
});

it("a relative XDG folder is ignored, as its specification asks", () => {
  expect(configPath({ XDG_CONFIG_HOME: "x", HOME: "/home/a" })).toBe("/home/a/.config/fluoroscope/config.json");
});

it.each([
  ["7d", 604_800],
  ["90s", 90],
  ["1.5h", 5_400],
  ["2W", 1_209_600],
])("the duration %s is %d seconds", (text, seconds) => {
  expect(readConfig({ flags: { retention: text }, environment: bare }).config.retention).toBe(seconds);
});

it.each([
  ["10GB", 10_000_000_000],
  ["500 MB", 500_000_000],
  ["1GiB", 1_073_741_824],
  ["64k", 64_000],
  ["1048576", 1_048_576],
])("the size %s is %d bytes", (text, size) => {
  expect(readConfig({ flags: { maxSize: text }, environment: bare }).config.maxSize).toBe(size);
});

it.each([
  ["port", "abc"],
  ["port", "65536"],
  ["port", "-1"],
  ["retention", "soon"],
  ["retention", "0d"],
  ["maxSize", "big"],
  ["ephemeral", "perhaps"],
  ["logFormat", "xml"],
  ["logLevel", "loud"],
  ["accountId", "12"],
  ["host", " "],
  ["store", "http://localhost:8123"],
] as const)("%s %s is refused with what, where and what to do", (key, text) => {
  const error = failureOf(() => readConfig({ flags: { [key]: text }, environment: bare }));
  expect(error.code).toBe("FLUORO_BAD_CONFIG");
  expect(error.message).toBe(
    `${settings[key].flag} is ${JSON.stringify(text)}, which does not fit. ${settings[key].remedy}`,
  );
});

it("a bad value in a variable or in a file is said to be there", () => {
  const environment = { ...bare, FLUOROSCOPE_PORT: "x" };
  expect(failureOf(() => readConfig({ environment })).message).toMatch(/^FLUOROSCOPE_PORT is "x"/);
  const file = aFile('{"port": "x"}');
  expect(failureOf(() => readConfig({ environment: bare, file })).message).toContain(`"port" in ${file} is "x"`);
});

it.each([
  ["[]", "holds no object"],
  ["{", "is not JSON"],
  ['{"prot": 1}', 'unknown setting "prot"'],
])("a file that says %s is refused", (content, reason) => {
  const file = aFile(content);
  const error = failureOf(() => readConfig({ environment: bare, file }));
  expect(error.message).toContain(file);
  expect(error.message).toContain(reason);
});

it("a file that was named must exist", () => {
  const error = failureOf(() => readConfig({ environment: bare, file: join(folder, "absent.json") }));
  expect(error).toMatchObject({ code: "FLUORO_BAD_CONFIG", message: expect.stringContaining("cannot be read") });
});

it("flags and variables are named after their settings", () => {
  for (const [key, { flag, environment }] of Object.entries(settings)) {
    const words = key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    expect(flag).toBe(`--${words}`);
    expect(environment[0]).toBe(`FLUOROSCOPE_${words.replaceAll("-", "_").toUpperCase()}`);
  }
});

it("a store's address with a password is named without it where it does not fit", () => {
  const error = failureOf(() => readConfig({ flags: { store: "http://me:se:cr@et@host" }, environment: bare }));
  expect(error.message).toContain("http://me:…@host");
});

it("rules of tail sampling are a list: flags that stand several times, lines of the variable, a list in the file", () => {
  const rules = ["fault", 'service("a", "b") { error }'];
  const file = aFile(JSON.stringify({ keep: rules, keepRest: "5%" }));
  for (const sources of [
    { flags: { keep: rules.join("\n"), keepRest: "5%" }, environment: bare },
    { environment: { ...bare, FLUOROSCOPE_KEEP: `\n${rules.join("\n")}\n`, FLUOROSCOPE_KEEP_REST: "5 %" } },
    { environment: bare, file },
  ]) {
    expect(readConfig(sources).config).toMatchObject({ keep: rules, keepRest: 0.05 });
  }
});

it.each([
  ["keepRest", "110%"],
  ["keepRest", "0.1"],
  ["decideAfter", "2m"],
])("%s is refused when it is %s", (key, value) => {
  const failure = failureOf(() => readConfig({ flags: { [key]: value }, environment: bare }));
  expect(failure.code).toBe("FLUORO_BAD_CONFIG");
  expect(failure.message).toContain(value);
});
