import { type ChildProcess, spawn } from "node:child_process";
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { type DocumentSize, type NumberedDatagram, numberedDatagram } from "./numbered-documents.ts";

export interface Load {
  readonly port: number;
  readonly size: DocumentSize;
  readonly count: number;
  /** Documents a second; absent: as fast as they go. */
  readonly rate?: number | undefined;
}

/** What was sent: the documents with numbers from `first` on, without a gap. */
export interface Sent {
  readonly first: number;
  readonly count: number;
  readonly tookMs: number;
  /** How far the generator was behind its own plan at worst; then it measured itself. */
  readonly lateMs: number;
  /** Sends that the system refused (ENOBUFS, nobody listens): these never were on their way. */
  readonly refused: number;
}

/** Sends documents from a process of its own, evenly. Numbers go on over all loads, so each document is unique. */
export interface Generator {
  send(load: Load): Promise<Sent>;
  close(): Promise<void>;
}

/** Starts it; `cpu` pins it to one core (Linux only). */
export async function startGenerator({ cpu }: { cpu?: number | undefined } = {}): Promise<Generator> {
  const node = [process.execPath, "--import", "tsx", fileURLToPath(import.meta.url)];
  const words = cpu === undefined ? node : ["taskset", "-c", String(cpu), ...node];
  const child: ChildProcess = spawn(words[0]!, words.slice(1), { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  await once(child, "message");
  return {
    async send(load) {
      child.send(load);
      const [sent] = (await once(child, "message")) as [Sent];
      return sent;
    },
    async close() {
      if (!child.connected) return;
      child.disconnect();
      await once(child, "exit");
    },
  };
}

/** Sends between two looks at the clock when there is no rate, and the longest time without letting errors be told. */
const burstStep = 100;
const sliceMs = 5;
const longestStepMs = 0.5;
const sleeper = new Int32Array(new SharedArrayBuffer(4));

async function sendLoad({ port, size, count, rate }: Load, first: number): Promise<Sent> {
  const socket = createSocket("udp4");
  socket.connect(port, "127.0.0.1");
  await once(socket, "connect");
  const datagrams = Array.from({ length: 256 }, () => numberedDatagram(size));
  let refused = 0;
  const noticed = (error: Error | null): void => {
    if (error) refused += 1;
  };
  const startMs = performance.now();
  let made = 0;
  let lateMs = 0;
  let stepMs = startMs;
  while (made < count) {
    const untilMs = performance.now() + sliceMs;
    for (let nowMs = untilMs - sliceMs; nowMs < untilMs && made < count; nowMs = performance.now()) {
      const until = Math.min(count, rate === undefined ? made + burstStep : made + due());
      for (; made < until; made += 1) sendOne(socket, datagrams[made % datagrams.length]!, first + made, noticed);
      // Shorter than any timer: a rate of 20,000 would otherwise come in bursts of forty.
      if (rate !== undefined) Atomics.wait(sleeper, 0, 0, 0.1);

      /** By plan, but no faster than half again the rate: what a busy machine held up here is no burst of the senders. */
      function due(): number {
        const behind = Math.floor(((nowMs - startMs) / 1_000) * rate!) + 1 - made;
        lateMs = Math.max(lateMs, (behind / rate!) * 1_000);
        const most = Math.ceil((Math.min(nowMs - stepMs, longestStepMs) / 1_000) * rate! * 1.5);
        stepMs = nowMs;
        return Math.min(behind, most);
      }
    }
    // Here the callbacks run.
    await new Promise((resolve) => setImmediate(resolve));
  }
  const tookMs = performance.now() - startMs;
  await new Promise((resolve) => setTimeout(resolve, 20));
  socket.close();
  return { first, count, tookMs, lateMs, refused };
}

function sendOne(socket: Socket, datagram: NumberedDatagram, number: number, noticed: (e: Error | null) => void): void {
  datagram.number(number);
  socket.send(datagram.bytes, noticed);
}

if (process.send !== undefined && process.argv[1] === fileURLToPath(import.meta.url)) {
  let next = 0;
  process.on("message", async (load: Load) => {
    const sent = await sendLoad(load, next);
    next += sent.count;
    process.send!(sent);
  });
  process.on("disconnect", () => process.exit());
  process.send({ ready: true });
}
