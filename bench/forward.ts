/**
 * What sending a document to X-Ray costs, step by step: `npx tsx bench/forward.ts`.
 * Microseconds of CPU a document (user and system, all threads of the process), in requests of 50 documents; median of 9
 * rounds, each step in a process of its own. Requests go to a stand-in on the loopback, in another process, which does
 * nothing but count bytes. The last lines are steps together, as the daemon does them.
 */
import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { createConnection, createServer, type Socket } from "node:net";
import { fileURLToPath } from "node:url";
import { parseDestination } from "../src/forward/destination.ts";
import { createHttpClient } from "../src/forward/http-client.ts";
import { openWayOut } from "../src/forward/open-way-out.ts";
import { createSegmentBodyWriter } from "../src/forward/segment-body.ts";
import { silentLog } from "../src/log.ts";
import { signRequest } from "../src/sigv4/sign-request.ts";
import { SigningKeys } from "../src/sigv4/signing-keys.ts";
import { NodeSha256 } from "../test/fixtures/verify-signature.ts";

const documentsARequest = 50;
const parallel = 8;
const rounds = 9;
const keys = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" };
const file = fileURLToPath(import.meta.url);

type Step = (sizeBytes: number, port: number) => Promise<(n: number) => Promise<void>>;

/** Each makes a function that does `n` requests' worth of work. */
const steps: Readonly<Record<string, Step>> = {
  "write a body": async (size) => {
    const write = createSegmentBodyWriter();
    const documents = makeDocuments(size);
    return repeat(() => write(documents).release());
  },
  "· instead: JSON.stringify of decoded texts, encoded": async (size) => {
    const documents = makeDocuments(size);
    return repeat(() =>
      Buffer.from(JSON.stringify({ TraceSegmentDocuments: documents.map((each) => each.toString("utf8")) })),
    );
  },
  "SHA-256 of the body": async (size) => {
    const body = createSegmentBodyWriter()(makeDocuments(size)).bytes;
    return repeat(() => createHash("sha256").update(body).digest("hex"));
  },
  "sign, SHA-256 included": async (size) => {
    const body = createSegmentBodyWriter()(makeDocuments(size)).bytes;
    const url = new URL("https://xray.eu-central-1.amazonaws.com/TraceSegments");
    const options = { credentials: keys, region: "eu-central-1", service: "xray", keys: new SigningKeys() };
    const headers = { "x-amzn-xray-timestamp": "1795521600.000000000" };
    return repeat(() => signRequest({ method: "POST", url, headers, body }, { ...options, now: Date.now() }));
  },
  "· instead: @smithy/signature-v4": async (size) => {
    const { SignatureV4 } = await import("@smithy/signature-v4");
    const body = createSegmentBodyWriter()(makeDocuments(size)).bytes;
    const signer = new SignatureV4({ credentials: keys, region: "eu-central-1", service: "xray", sha256: NodeSha256 });
    const hostname = "xray.eu-central-1.amazonaws.com";
    const headers = {
      host: hostname,
      "content-type": "application/json",
      "x-amzn-xray-timestamp": "1795521600.000000000",
    };
    const request = { method: "POST", protocol: "https:", hostname, path: "/TraceSegments", headers, body };
    return async (n) => {
      for (let at = 0; at < n; at += 1) await signer.sign({ ...request, headers: { ...headers } });
    };
  },
  "request and answer": async (size, port) => {
    const http = createHttpClient({ maxSockets: parallel });
    const body = createSegmentBodyWriter()(makeDocuments(size)).bytes;
    const url = new URL(`http://127.0.0.1:${port}/TraceSegments`);
    return inLanes(async () => {
      await http.request(url, { method: "POST", headers: { "Content-Type": "application/json" }, body });
    });
  },
  "· at least: written to and read from a bare socket": async (size, port) => {
    const body = createSegmentBodyWriter()(makeDocuments(size)).bytes;
    const head = `POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;
    const free = Array.from({ length: parallel }, () => createConnection(port, "127.0.0.1"));
    return inLanes(async () => {
      const socket = free.pop()!;
      await exchange(socket, head, body);
      free.push(socket);
    });
  },
  "all: documents sent, unsigned": async (size, port) => {
    const { wayOut } = await openWayOut(parseDestination(`http://127.0.0.1:${port}`), surroundings);
    return sending(wayOut.send.bind(wayOut), size);
  },
  "all: documents sent, signed": async (size, port) => {
    const { wayOut } = await openWayOut({ kind: "aws" }, { ...surroundings, endpoint: `http://127.0.0.1:${port}` });
    return sending(wayOut.send.bind(wayOut), size);
  },
};

const surroundings = {
  region: "eu-central-1",
  environment: { AWS_ACCESS_KEY_ID: keys.accessKeyId, AWS_SECRET_ACCESS_KEY: keys.secretAccessKey },
  log: silentLog,
  version: "0",
};

const [name, size, port] = process.argv.slice(2);
if (name === undefined) await table();
else if (name === "sink") sink();
else await measure(steps[name]!, Number(size), Number(port));

async function table(): Promise<void> {
  const child = spawn(process.execPath, [...process.execArgv, file, "sink"], { stdio: ["ignore", "pipe", "inherit"] });
  const listening = Number(await new Promise((resolve) => child.stdout.once("data", (data) => resolve(String(data)))));
  console.log(`${"µs CPU a document".padEnd(52)}    1 KB    4 KB`);
  for (const step of Object.keys(steps)) {
    const figures = [1_060, 4_096].map((bytes) => {
      const args = [...process.execArgv, file, step, String(bytes), String(listening)];
      return execFileSync(process.execPath, args, { encoding: "utf8" }).trim().padStart(7);
    });
    console.log(`${step.padEnd(52)} ${figures.join(" ")}`);
  }
  child.kill();
}

async function measure(step: Step, bytes: number, sinkPort: number): Promise<void> {
  const work = await step(bytes, sinkPort);
  const n = Math.round(150_000 / bytes) * parallel;
  const figures: number[] = [];
  for (let round = 0; round < rounds + 2; round += 1) {
    const before = process.cpuUsage();
    await work(n);
    const { user, system } = process.cpuUsage(before);
    if (round >= 2) figures.push((user + system) / n / documentsARequest);
  }
  console.log(figures.sort((a, b) => a - b)[(rounds - 1) / 2]!.toFixed(2));
  process.exit();
}

function repeat(work: () => unknown): (n: number) => Promise<void> {
  return async (n) => {
    for (let at = 0; at < n; at += 1) work();
  };
}

function inLanes(work: () => Promise<void>): (n: number) => Promise<void> {
  return async (n) => {
    const lane = async (): Promise<void> => {
      for (let at = 0; at < n / parallel; at += 1) await work();
    };
    await Promise.all(Array.from({ length: parallel }, lane));
  };
}

function sending(
  send: (documents: readonly Uint8Array[], signal: AbortSignal) => Promise<unknown>,
  bytes: number,
): (n: number) => Promise<void> {
  const documents = makeDocuments(bytes);
  const { signal } = new AbortController();
  return inLanes(async () => {
    await send(documents, signal);
  });
}

function exchange(socket: Socket, head: string, body: Buffer): Promise<void> {
  return new Promise((resolve) => {
    socket.once("data", () => resolve());
    socket.cork();
    socket.write(head, "latin1");
    socket.write(body);
    socket.uncork();
  });
}

/** One quotation mark in six characters; SDKs write about as many. */
function makeDocuments(bytes: number): Buffer[] {
  return Array.from({ length: documentsARequest }, (_, index) => {
    const start = `{"id":"${String(index).padStart(16, "0")}","trace_id":"1-65644d07-${"ab".repeat(12)}","name":"shop","x":{`;
    let text = start;
    for (let n = 0; text.length < bytes - 12; n += 1) text += `"key${n % 10}":"some value ${n % 10}",`;
    return Buffer.from(`${text.slice(0, bytes - 3)}"}}`);
  });
}

/** Reads requests, answers when one is whole. Its cost is not counted. */
function sink(): void {
  const answer =
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nDate: Tue, 24 Nov 2026 12:00:00 GMT\r\n" +
    'Content-Length: 31\r\n\r\n{"UnprocessedTraceSegments":[]}';
  const server = createServer((socket) => {
    let missing = -1;
    socket.on("error", () => socket.destroy());
    socket.on("data", (data) => {
      if (missing < 0) {
        const end = data.indexOf("\r\n\r\n");
        missing = Number(/content-length: (\d+)/i.exec(data.toString("latin1", 0, end))?.[1]) + end + 4;
      }
      missing -= data.length;
      if (missing > 0) return;
      missing = -1;
      socket.write(answer);
    });
  });
  server.listen(0, "127.0.0.1", () => console.log((server.address() as { port: number }).port));
}
