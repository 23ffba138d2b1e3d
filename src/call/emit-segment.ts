import { createSocket, type Socket } from "node:dgram";
import { isIPv6 } from "node:net";
import { parseDaemonAddress } from "../xray/daemon-address.ts";
import { writeDatagram } from "../xray/datagram.ts";
import { fitDocument } from "./fit-document.ts";
import type { SegmentDocument } from "./segment-document.ts";

/** Room for a document in one datagram: 65,507 bytes of UDP payload less the header line. */
const maxDocumentBytes = 65_507 - 64;
/** macOS turns away datagrams above 9,216 bytes unless told otherwise. */
const smallDocumentBytes = 9_000;

/** Where a daemon listens when nothing else is said. */
export const defaultDaemonAddress = "127.0.0.1:2000";

export interface Emitter {
  /**
   * Sends one document, in several datagrams when it is too large for one. Answers what went wrong, if anything did;
   * never throws. UDP is not acknowledged: an answer of `undefined` means that the system took it.
   */
  send(document: SegmentDocument): Promise<Error | undefined>;
  /** May be called twice. */
  close(): void;
}

/** Sends segment documents to an X-Ray daemon; throws `FLUORO_BAD_DAEMON_ADDRESS` for an address that is none. */
export function emitter(address: string = defaultDaemonAddress): Emitter {
  const { host, port } = parseDaemonAddress(address).udp;
  let socket: Socket | undefined;
  let isClosed = false;

  const open = (): Socket => {
    const opened = createSocket(isIPv6(host) ? "udp6" : "udp4");
    // A failed send is answered by its callback; without a listener the same error would end the process.
    opened.on("error", () => {
      if (socket === opened) close();
    });
    opened.unref();
    socket = opened;
    return opened;
  };
  const close = (): void => {
    socket?.close();
    socket = undefined;
  };

  const sendText = (text: string): Promise<Error | undefined> =>
    new Promise((resolve) => {
      (socket ?? open()).send(writeDatagram(text), port, host, (error) => resolve(error ?? undefined));
    });

  const sendAll = async (texts: readonly string[]): Promise<Error | undefined> => {
    for (const [index, text] of texts.entries()) {
      // A receiver's buffer is small: let it breathe.
      if (index % 16 === 15) await new Promise((resolve) => setTimeout(resolve, 1));
      const error = await sendText(text);
      if (error) return error;
    }
    return undefined;
  };

  return {
    async send(document) {
      if (isClosed) return new Error("The emitter is closed");
      try {
        const error = await sendAll(fitDocument(document, maxDocumentBytes));
        const isTooLarge = error && "code" in error && error.code === "EMSGSIZE";
        return isTooLarge ? await sendAll(fitDocument(document, smallDocumentBytes)) : error;
      } catch (error) {
        return error instanceof Error ? error : new Error(String(error));
      }
    },
    close() {
      isClosed = true;
      close();
    },
  };
}
