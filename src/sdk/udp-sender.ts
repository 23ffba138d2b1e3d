import { createSocket, type Socket } from "node:dgram";
import { isIPv6 } from "node:net";
import { splitDocument } from "./split-document.ts";

const header = '{"format":"json","version":1}\n';
/** Room for a document in one datagram of UDP over IPv4. */
const maxDocumentBytes = 65_507 - header.length;
/** macOS turns away datagrams above 9,216 bytes unless told otherwise. */
const smallDocumentBytes = 9_000;
/** What waits for a socket, or in it, is bounded; more is counted and let go. */
const maxWaiting = 256;
const maxQueuedBytes = 8 * 1_024 * 1_024;

export interface SenderFigures {
  /** Given to the system. UDP is not acknowledged: nobody knows whether somebody listens. */
  readonly sent: number;
  /** Turned away: too many at a time, too large for the system, or after the end. */
  readonly dropped: number;
}

/**
 * Sends documents to a daemon from one connected socket. Never throws, never waits, keeps no process alive. What a dead
 * daemon does not take is lost, and costs no more than what is taken.
 */
export class UdpSender {
  readonly #host: string;
  readonly #port: number;
  #socket: Socket | undefined;
  #state: "opening" | "connected" | "closed" = "opening";
  #waiting: string[] = [];
  #maxBytes = maxDocumentBytes;
  #sent = 0;
  #dropped = 0;

  constructor({ host, port }: { readonly host: string; readonly port: number }) {
    this.#host = host;
    this.#port = port;
    this.#open();
  }

  get figures(): SenderFigures {
    return { sent: this.#sent, dropped: this.#dropped };
  }

  send(document: string): void {
    if (this.#state === "closed") {
      this.#dropped += 1;
    } else if (this.#state === "opening") {
      if (this.#waiting.length < maxWaiting) this.#waiting.push(document);
      else this.#dropped += 1;
      if (this.#socket === undefined) this.#open();
    } else {
      for (const text of splitDocument(document, this.#maxBytes)) this.#write(text);
    }
  }

  /** May be called twice. */
  close(): void {
    this.#state = "closed";
    this.#socket?.close();
    this.#socket = undefined;
  }

  #open(): void {
    const socket = createSocket(isIPv6(this.#host) ? "udp6" : "udp4");
    socket.unref();
    this.#socket = socket;
    // Nobody listening (the system tells a connected socket), or no such host yet: the next document tries again.
    socket.on("error", () => {
      if (this.#state === "opening" && this.#socket === socket) {
        this.#socket = undefined;
        socket.close();
      }
    });
    socket.connect(this.#port, this.#host, () => {
      if (this.#state !== "opening") return;
      this.#state = "connected";
      for (const document of this.#waiting.splice(0)) this.send(document);
    });
  }

  #write(text: string): void {
    const socket = this.#socket!;
    try {
      if (queuedBytes(socket) > maxQueuedBytes) {
        this.#dropped += 1;
        return;
      }
      // Only what may be too large is asked after: without a callback, a system that says no costs nothing.
      if (text.length * 3 <= smallDocumentBytes) socket.send(header + text);
      else socket.send(header + text, (error) => this.#afterSend(error, text));
      this.#sent += 1;
    } catch {
      // The socket is closing: what is sent now is lost like any datagram.
      this.#dropped += 1;
    }
  }

  #afterSend(error: Error | null, text: string): void {
    if (error === null || !("code" in error) || error.code !== "EMSGSIZE") return;
    this.#sent -= 1;
    if (this.#maxBytes === smallDocumentBytes || this.#state !== "connected") {
      this.#dropped += 1;
      return;
    }
    this.#maxBytes = smallDocumentBytes;
    this.send(text);
  }
}

/** Deno's sockets do not tell. */
function queuedBytes(socket: Partial<Pick<Socket, "getSendQueueSize">>): number {
  return socket.getSendQueueSize?.() ?? 0;
}
