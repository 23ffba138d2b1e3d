import { scrubDocument } from "../../trace/scrub.ts";
import { UdpSender } from "../udp-sender.ts";
import { daemonAddress, onDaemonMoved } from "./daemon-config.ts";

let sender: UdpSender | undefined;

onDaemonMoved(() => {
  sender?.close();
  sender = undefined;
});

/** Sends one document's text to the daemon. The socket is opened for the first, and kept. */
export function sendDocument(text: string): void {
  sender ??= new UdpSender(daemonAddress().udp);
  sender.send(scrubDocument(text));
}
