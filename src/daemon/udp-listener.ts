import { createSocket, type Socket } from "node:dgram";
import { isIPv6 } from "node:net";
import type { Ingest } from "../ingest/ingest.ts";
import type { Log } from "../log.ts";
import { readDatagram } from "../xray/datagram.ts";
import { kernelDrops } from "./kernel-drops.ts";

/** The X-Ray daemon's UDP side. */
export interface UdpListener {
  readonly port: number;
  /** What the system gave, in bytes of its own accounting; a datagram of 1 KB costs about 2.3 KB of it. */
  readonly socketBufferBytes: number;
  /** Datagrams lost before this program could see them, where the system tells. */
  lostBySystem(): number | undefined;
  /** May be called twice. What the system has buffered is read first. */
  close(): Promise<void>;
}

export interface UdpListenerOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly ingest: Ingest;
  readonly log: Log;
}

/** Asked of the system, which usually gives less; below `enoughBytes` a warning names the remedy. */
const wantedBytes = 32 * 2 ** 20;
const enoughBytes = 4 * 2 ** 20;

/** Opens the socket (rejects with the system's error when it cannot) and hands what comes to the door. Nothing slow happens here: who is slow here loses datagrams. */
export async function listenUdp({ host, port, ingest, log }: UdpListenerOptions): Promise<UdpListener> {
  const socket = createSocket({ type: isIPv6(host) ? "udp6" : "udp4" });
  await bind(socket, host, port);
  const address = socket.address();
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
    port: address.port,
    socketBufferBytes,
    lostBySystem: () => kernelDrops(address.port),
    close() {
      closed ??= drainAndClose(socket);
      return closed;
    },
  };
}

function bind(socket: Socket, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once("error", (error) => {
      socket.close();
      reject(error);
    });
    socket.bind({ address: host, port }, () => {
      socket.removeAllListeners("error");
      resolve();
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
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  await new Promise<void>((resolve) => socket.close(() => resolve()));
}
