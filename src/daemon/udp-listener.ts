import { createSocket, type Socket } from "node:dgram";
import { lookup } from "node:dns/promises";
import { isIP, isIPv6 } from "node:net";
import type { Ingest } from "../ingest/ingest.ts";
import type { Log } from "../log.ts";
import { readDatagram } from "../xray/datagram.ts";
import { kernelDrops } from "./kernel-drops.ts";

/** The X-Ray daemon's UDP side. */
export interface UdpListener {
  /** The IP address that it has; of a name the one that it was resolved to. */
  readonly address: string;
  readonly port: number;
  /** What the system gave, in bytes of its own accounting; a datagram of 1 KB costs about 2.3 KB of it. */
  readonly socketBufferBytes: number;
  /** Datagrams lost before this program could see them, where the system tells. */
  lostBySystem(): number | undefined;
  /** May be called twice. What the system has buffered is read first. */
  close(): Promise<void>;
}

export interface UdpListenerOptions {
  /** A name, an IPv4 or an IPv6 address; `""` is every address of this machine. */
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly ingest: Ingest;
  readonly log: Log;
}

/** Asked of the system, which usually gives less; below `enoughBytes` a warning names the remedy. */
const wantedBytes = 32 * 2 ** 20;
const enoughBytes = 4 * 2 ** 20;

/**
 * Opens the socket (rejects with the system's error when it cannot) and hands what comes to the door. Nothing slow
 * happens here: who is slow here loses datagrams.
 *
 * It reads on the main thread, one callback a datagram. Measured beside it, at 1 KB on two cores: a worker thread that
 * copies into slabs, and a nap of 2 ms whenever the socket is empty, so that fewer wake-ups read more. CPU a datagram at
 * 5,000/s evenly spaced 18 (worker 24, nap 12) µs, in groups of ten 7 (17, 11) µs; the worker takes 28 MB more. Without
 * loss 60,000/s with a buffer of 8 MiB, and 30,000/s with what a stock Linux gives (425,984 bytes), where a worker lost
 * 1 to 3 % in half of its runs. So the simplest is the best, but for evenly spaced senders, and there it is good enough.
 */
export async function listenUdp({ host, port, ingest, log }: UdpListenerOptions): Promise<UdpListener> {
  const socket = await bound(host, port);
  const { address, port: boundPort } = socket.address();
  const socketBufferBytes = growBuffer(socket, log);

  socket.on("message", (bytes) => {
    const datagram = readDatagram(bytes);
    if (datagram.kind === "document") ingest.accept(datagram.bytes, "udp");
    else ingest.refuse({ code: datagram.code, path: "", message: datagram.message }, bytes, "udp");
  });
  // After binding the system may still report a neighbour's trouble (ICMP): worth a line, never worth stopping.
  socket.on("error", (error) => log.warn({ error: error.message }, "UDP socket reported an error"));

  let closed: Promise<void> | undefined;
  return {
    address,
    port: boundPort,
    socketBufferBytes,
    lostBySystem: () => kernelDrops(address, boundPort),
    close() {
      closed ??= drainAndClose(socket);
      return closed;
    },
  };
}

async function bound(host: string, port: number): Promise<Socket> {
  if (host === "") {
    // Bound to `::`, an IPv6 socket takes IPv4 as well; where there is no IPv6, all of IPv4 is every address.
    return bind("::", port).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "EAFNOSUPPORT" || error.code === "EADDRNOTAVAIL") return bind("0.0.0.0", port);
      throw error;
    });
  }
  if (isIP(host) !== 0) return bind(host, port);
  // A name may have addresses of both kinds; IPv4 is what senders are set up for.
  const addresses = await lookup(host, { all: true });
  return bind((addresses.find(({ family }) => family === 4) ?? addresses[0]!).address, port);
}

function bind(address: string, port: number): Promise<Socket> {
  const socket = createSocket({ type: isIPv6(address) ? "udp6" : "udp4" });
  return new Promise((resolve, reject) => {
    socket.once("error", (error) => {
      socket.close();
      reject(error);
    });
    socket.bind({ address, port }, () => {
      socket.removeAllListeners("error");
      resolve(socket);
    });
  });
}

function growBuffer(socket: Socket, log: Log): number {
  try {
    socket.setRecvBufferSize(wantedBytes);
  } catch {
    // Some systems refuse instead of giving what they can; what was given by default is reported below.
  }
  // Linux doubles what was asked for, for its own book-keeping, and reports the doubled number.
  const bytes = socket.getRecvBufferSize();
  if (bytes < enoughBytes) {
    const remedy = `sudo sysctl -w net.core.rmem_max=${wantedBytes}`;
    log.warn({ bytes, wanted: wantedBytes, remedy }, "the system gives UDP a small buffer; bursts may be lost");
  }
  return bytes;
}

/** Lets the loop turn until nothing comes for a moment: a stop must not lose what senders consider sent. */
async function drainAndClose(socket: Socket): Promise<void> {
  let busy = true;
  socket.on("message", () => {
    busy = true;
  });
  for (let turns = 0; busy && turns < 50; turns += 1) {
    busy = false;
    // A timer that is late is called before sockets are looked at; an immediate, only after.
    await new Promise((resolve) => setTimeout(() => setImmediate(resolve), 2));
  }
  await new Promise<void>((resolve) => socket.close(() => resolve()));
}
