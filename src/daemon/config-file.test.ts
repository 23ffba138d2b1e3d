import fc from "fast-check";
import { expect, it } from "vitest";
import { FluoroscopeError } from "../errors.ts";
import { type ConfigFile, configFilePaths, readConfigFile } from "./config-file.ts";

const [systemPath, ownPath] = configFilePaths as [string, string];

/** Files by path; whatever else is asked for is not there. */
function files(content: Readonly<Record<string, string>>): (path: string) => string {
  return (path) => {
    if (content[path] !== undefined) return content[path];
    throw Object.assign(new Error(`ENOENT: no such file or directory, open '${path}'`), { code: "ENOENT" });
  };
}

const named = (content: string): Promise<ConfigFile | undefined> =>
  readConfigFile("my.yaml", files({ "my.yaml": content }));
const found = (content: string): Promise<ConfigFile | undefined> =>
  readConfigFile(undefined, files({ [ownPath]: content }));

const values = async (content: string): Promise<object> => Object.fromEntries((await named(content))!.values);

it("every key of the original and of ours is read, by its section and name", async () => {
  const content = `
TotalBufferSizeMB: 24
Concurrency: 4
Region: "eu-west-1"
Endpoint: http://127.0.0.1:9
Socket:
  UDPAddress: "0.0.0.0:2000"
  TCPAddress: "0.0.0.0:2001"
Logging:
  LogRotation: false
  LogLevel: "debug"
  LogPath: "/var/log/xray/xray.log"
LocalMode: true
ResourceARN: "arn:aws:ec2:x"
RoleARN: "arn:aws:iam::1:role/x"
NoVerifySSL: true
ProxyAddress: "http://proxy:3128"
Version: 2
Fluoroscope:
  To: [aws, "http://127.0.0.1:2100"]
  SpillMaxSize: 2GB
`;
  expect(await values(content)).toEqual({
    TotalBufferSizeMB: "24",
    Concurrency: "4",
    Region: "eu-west-1",
    Endpoint: "http://127.0.0.1:9",
    "Socket.UDPAddress": "0.0.0.0:2000",
    "Socket.TCPAddress": "0.0.0.0:2001",
    "Logging.LogRotation": "false",
    "Logging.LogLevel": "debug",
    "Logging.LogPath": "/var/log/xray/xray.log",
    LocalMode: "true",
    ResourceARN: "arn:aws:ec2:x",
    RoleARN: "arn:aws:iam::1:role/x",
    NoVerifySSL: "true",
    ProxyAddress: "http://proxy:3128",
    "Fluoroscope.To": "aws,http://127.0.0.1:2100",
    "Fluoroscope.SpillMaxSize": "2GB",
  });
});

it.each([1, 2])("version %d is taken", async (version) => {
  expect(await values(`Version: ${version}\nRegion: a`)).toEqual({ Region: "a" });
});

it.each([
  ["LocalMode: yes", "true"],
  ["LocalMode: on", "true"],
  ["LocalMode: off", "false"],
  ["LocalMode: False", "false"],
])("in YAML 1.1, as the original reads it, %s is %s", async (line, text) => {
  expect(await values(`Version: 1\n${line}`)).toEqual({ LocalMode: text });
});

it("a text keeps its spelling where YAML would make a number or a switch of it", async () => {
  const content = "Version: 1\nFluoroscope:\n  ExternalID: 007\nRegion: on";
  expect(await values(content)).toEqual({ "Fluoroscope.ExternalID": "007", Region: "on" });
});

it("JSON is taken too", async () => {
  expect(await values('{"Version": 2, "Socket": {"UDPAddress": ":1"}}')).toEqual({ "Socket.UDPAddress": ":1" });
});

it("of a key that comes twice the last one counts", async () => {
  expect(await values("Version: 1\nRegion: a\nRegion: b")).toEqual({ Region: "b" });
});

it("an empty text, a zero and nothing at all leave a setting unsaid", async () => {
  expect(await values('Version: 1\nRegion: ""\nConcurrency: 0\nRoleARN:\nLocalMode:\nTotalBufferSizeMB: ~')).toEqual(
    {},
  );
});

it("an alias stands for what it points to", async () => {
  expect(await values("Version: 1\nSocket:\n  UDPAddress: &a 127.0.0.1:1\n  TCPAddress: *a")).toEqual({
    "Socket.UDPAddress": "127.0.0.1:1",
    "Socket.TCPAddress": "127.0.0.1:1",
  });
});

it("keys that the original passes over are passed over", async () => {
  expect(await values("Version: 1\nproxyserver:\n  idleconntimeout: 3\n  maxidleconns: 0\nSocket: {}")).toEqual({});
});

it.each([
  ["Region: a", "has no Version. Write Version: 2 as its first line."],
  ["", "has no Version. Write Version: 2 as its first line."],
  ["# nothing\n", "has no Version. Write Version: 2 as its first line."],
  ["Version: 3", "has a Version that is neither 1 nor 2. Write Version: 2."],
  ["Version: 0", "has a Version that is neither 1 nor 2. Write Version: 2."],
  ['Version: "1"', "has a Version that is neither 1 nor 2. Write Version: 2."],
  [
    "Version: 1\nSocket:",
    "has a section Socket without settings. Remove it, or write some of these into it: UDPAddress, TCPAddress.",
  ],
  [
    "Version: 1\nSocket:\n  Port: 1",
    "has an unknown key Socket.Port. Remove it or mend it: Socket knows UDPAddress, TCPAddress.",
  ],
  [
    "Version: 1\nregion: a",
    "has an unknown key region. Remove it or mend it: known are Version, ResourceARN, LocalMode,",
  ],
  ["Version: 1\nFluoroscope:\n  Spill: 1", "has an unknown key Fluoroscope.Spill."],
  ["Version: 1\nRegion:\n  a: b", "has an unknown key Region.a."],
  ["Version: 1\n1: 2", "has an unknown key 1."],
  ["Version: 1\ntoString: 2", "has an unknown key toString."],
  ["Version: 1\nConcurrency: many", "has a Concurrency that is no number. Write a number from 1 to 1000."],
  ["Version: 1\nLocalMode: perhaps", "has a LocalMode that is no true or false. Write true or false."],
  ["Version: 1\nRegion: [a]", "has a Region that is no text. Write a region's name"],
  ["Version: 1\nFluoroscope:\n  To: [[aws]]", "has a Fluoroscope.To that is no text or list of texts."],
  ["- 1", "holds no settings."],
  ["just text", "holds no settings."],
  ["Version: [", "is not YAML ("],
  ["\t- : x\n {", "is not YAML ("],
])("a named file with %j is refused with its name, the key and the remedy", async (content, sentence) => {
  const error: unknown = await named(content).catch((cause: unknown) => cause);
  expect(error).toMatchObject({ code: "FLUORO_BAD_CONFIG" });
  expect((error as Error).message).toContain(`The configuration file my.yaml ${sentence}`);
  expect((error as Error).message).not.toContain("\n");
});

it.each([
  ["Profile:\n  CPU: x", "Profile.CPU", "is no longer supported"],
  ["Profile:\n  Memory: x", "Profile.Memory", "is no longer supported"],
  ["Socket:\n  BufferSizeKB: 64", "Socket.BufferSizeKB", "is no longer supported"],
  ["Logging:\n  LogFormat: x", "Logging.LogFormat", "is no longer supported"],
  ["Processor:\n  BatchProcessorQueueSize: 1", "Processor.BatchProcessorQueueSize", "is no longer supported"],
  ["LogRotation: true", "LogRotation", "has moved"],
  ["Processor:\n  Region: a", "Processor.Region", "has moved"],
  ["Processor:\n  Endpoint: a", "Processor.Endpoint", "has moved"],
  ["Processor:\n  Routine: 1", "Processor.Routine", "has moved"],
  ["MemoryLimit: 1", "MemoryLimit", "has a new name"],
])("the retired key in %j is refused in words of its own", async (lines, key, words) => {
  await expect(named(`Version: 1\n${lines}`)).rejects.toThrow(`has the key ${key}, which ${words}`);
});

it("a file that nobody named may have unknown keys: each is warned about, and the rest counts", async () => {
  const file = await found("Version: 1\nSocket:\nShiny: 1\nMemoryLimit: 2\nRegion: a");
  expect(Object.fromEntries(file!.values)).toEqual({ Region: "a" });
  expect(file!.warnings).toEqual([
    expect.stringContaining("cfg.yaml has a section Socket without settings"),
    expect.stringContaining("cfg.yaml has an unknown key Shiny"),
    expect.stringContaining("cfg.yaml has the key MemoryLimit, which has a new name"),
  ]);
});

it.each(["Region: a", "Version: 3", "Version: 1\nConcurrency: x", "Version: ["])(
  "but %j stops it, named or not",
  async (content) => {
    await expect(found(content)).rejects.toMatchObject({ code: "FLUORO_BAD_CONFIG" });
  },
);

it("the first of the usual places that is there counts, and a named file before both", async () => {
  const content = { [systemPath]: "Version: 1\nRegion: a", [ownPath]: "Version: 1\nRegion: b", mine: "Version: 1" };
  expect((await readConfigFile(undefined, files(content)))!.path).toBe(systemPath);
  expect((await readConfigFile("mine", files(content)))!.path).toBe("mine");
  expect(await readConfigFile(undefined, files({}))).toBeUndefined();
});

it("a named file must be there, and one that is there must be readable", async () => {
  await expect(readConfigFile("gone.yaml", files({}))).rejects.toThrow("gone.yaml cannot be read (ENOENT");
  const denied = (): string => {
    throw Object.assign(new Error("EACCES: permission denied"), { code: "EACCES" });
  };
  await expect(readConfigFile(undefined, denied)).rejects.toThrow(`${systemPath} cannot be read (EACCES`);
});

it("no text makes it fail otherwise than with a FluoroscopeError", async () => {
  const key = fc.constantFrom("Version", "Socket", "Region", "Fluoroscope", "<<", "? {a: b}\n", "&x", "*x", "To");
  const value = fc.constantFrom(
    "1",
    "*x",
    "&x [*x]",
    "{",
    "[",
    "!!binary x",
    "|\n  a",
    "'",
    "- a",
    "\n  To: [*x]",
    "0x",
    "~",
  );
  const lines = fc.array(fc.tuple(key, value).map(([name, text]) => `${name}: ${text}`)).map((all) => all.join("\n"));
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    lines,
    lines.map((some) => `Version: 1\n${some}`),
  );
  await fc.assert(
    fc.asyncProperty(text, async (content) => {
      const outcome: unknown = await named(content).catch((error: unknown) => error);
      expect(outcome instanceof Error ? outcome instanceof FluoroscopeError : outcome !== undefined).toBe(true);
    }),
    { numRuns: 500 },
  );
});
