import { readTraceFile } from "../../../src/analysis/read-trace-file.ts";
import { readDaemonConfig } from "../../../src/daemon/read-daemon-config.ts";
import { parseLocalRules } from "../../../src/sampling/local-rules.ts";
import { apiFixtures, fixtureDocuments } from "../../fixtures/api-fixtures.ts";
import { aRequest, aSpan } from "../../fixtures/otlp-requests.ts";
import { asJson, type Door, jsonWords, seedsOf } from "../door.ts";
import { everythingOf } from "./everything-of.ts";

const documents = apiFixtures.traces.flatMap(({ n }) => fixtureDocuments(n)).slice(0, 6);
const Segments = documents.map((Document) => ({ Id: "0", Document }));

/** What `fluoroscope import` and the console are given. */
export const importsDoor: Door = {
  name: "imports",
  seeds: seedsOf(
    documents.join("\n"),
    `[${documents.join(",")}]`,
    JSON.stringify({ Traces: [{ Id: "1", Segments }], UnprocessedTraceIds: [] }),
    JSON.stringify({ TraceSegmentDocuments: documents }),
    JSON.stringify(aRequest([aSpan()])),
    `${JSON.stringify(aRequest([aSpan()]))}\n${JSON.stringify(aRequest([aSpan()]))}\n`,
  ),
  values: [{ Traces: [{ Id: "1", Segments }] }, { TraceSegmentDocuments: documents }, aRequest([aSpan()])],
  write: asJson,
  words: [
    ...jsonWords,
    "\n",
    '"Traces":',
    '"Segments":',
    '"Document":',
    '"documents":',
    '"resourceSpans":',
    '"trace_id":',
  ],
  knock(bytes) {
    const file = readTraceFile(new TextDecoder().decode(bytes));
    if (file.kind === "documents") everythingOf(file.documents.map((text) => Buffer.from(text)));
    return file.kind;
  },
  answers: ["documents", "otlp", "unreadable"],
};

/** The daemon's `cfg.yaml`. */
export const daemonConfigDoor: Door = {
  name: "cfg.yaml",
  seeds: seedsOf(
    'TotalBufferSizeMB: 0\nConcurrency: 8\nRegion: ""\nSocket:\n  UDPAddress: "127.0.0.1:2000"\n  TCPAddress: "127.0.0.1:2000"\nLocalMode: false\nVersion: 2\n',
    'Logging:\n  LogRotation: true\n  LogLevel: "prod"\n  LogPath: ""\nResourceARN: ""\nRoleARN: ""\nNoVerifySSL: false\nProxyAddress: ""\nVersion: 2\n',
    "Version: 2\nTo: [a, &x b, *x]\nSocket: {UDPAddress: '[::1]:2000'}\n",
    '{"Version":2,"Region":"eu-west-1"}',
  ),
  // JSON is YAML.
  values: [
    { Version: 2, Region: "eu-west-1", Socket: { UDPAddress: "127.0.0.1:2000", TCPAddress: "127.0.0.1:2000" } },
    { Version: 2, Logging: { LogRotation: true, LogLevel: "prod", LogPath: "" }, Concurrency: 8, LocalMode: false },
  ],
  write: asJson,
  words: [
    ...[
      "&a ",
      "*a",
      "<<: *a\n",
      "!!binary ",
      "!!js/function ",
      "? ",
      "- ",
      ": ",
      "|\n",
      ">\n",
      "---\n",
      "...\n",
      "%YAML 1.2\n",
    ],
    ...[
      "Version: 2\n",
      "__proto__: ",
      "constructor: ",
      "Socket:\n  ",
      "[",
      "]",
      "{",
      "}",
      "1e999",
      ".inf",
      ".nan",
      "~",
      "0x7f",
      "\t",
    ],
    ...["*a,*a,*a,*a", "\u0000", "\ufeff", "'", '"', "\r"],
  ],
  async knock(bytes) {
    const order = await readDaemonConfig({
      words: ["--config", "cfg.yaml"],
      environment: { HOME: "/nonexistent" },
      readFile: () => new TextDecoder().decode(bytes),
    });
    return order.kind;
  },
  answers: ["run", "mistake"],
};

const localRules = [
  '{"version":2,"rules":[{"description":"a","host":"*","http_method":"GET","url_path":"/a/*","fixed_target":1,"rate":0.5}],"default":{"fixed_target":1,"rate":0.1}}',
  '{"version":1,"rules":[{"service_name":"a","http_method":"*","url_path":"*","fixed_target":0,"rate":1}],"default":{"fixed_target":1,"rate":0}}',
] as const;

/** Local sampling rules, which applications load. */
export const localRulesDoor: Door = {
  name: "local rules",
  seeds: seedsOf(...localRules),
  values: localRules.map((text): unknown => JSON.parse(text)),
  write: asJson,
  words: [...jsonWords, '"version":', '"rules":', '"default":', '"rate":', '"fixed_target":', '"host":'],
  knock: (bytes) => parseLocalRules(new TextDecoder().decode(bytes)).kind,
  answers: ["rules", "refused"],
};
