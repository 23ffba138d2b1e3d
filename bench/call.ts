/**
 * What a traced call costs on top of curl: both get the same page from a server on loopback, in turns, output thrown
 * away. `npm run build && npx tsx bench/call.ts [turns]`, by default 21. Wall time from start to exit; the segment goes
 * to a UDP port where somebody listens. Limit: curl + 120 ms, of which Node's own start is the larger part.
 */
import { fork } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { printOutcomes, sideBySide } from "./side-by-side.ts";

if (process.send === undefined) await main();
else await serve();

async function main(): Promise<void> {
  const server = fork(fileURLToPath(import.meta.url), { execArgv: ["--import", "tsx"] });
  const [{ url, daemon }] = (await once(server, "message")) as [{ url: string; daemon: string }];
  const cli = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));
  const env = { AWS_XRAY_DAEMON_ADDRESS: daemon };
  const node = (name: string, ...args: string[]) => ({ name, command: process.execPath, args, env });
  printOutcomes(
    sideBySide(
      [
        { name: "curl", command: "curl", args: ["-s", url] },
        node("node -e ''", "-e", ""),
        node("node, http.get alone", "-e", `require("http").get("${url}", (response) => response.resume())`),
        node("fluoroscope call", cli, "call", "-u", url),
      ],
      Number(process.argv[2] ?? 21),
    ),
  );
  server.kill();
}

/** A page and a daemon, in a process of their own: the one that measures is blocked while it waits. */
async function serve(): Promise<void> {
  const server = createServer((_, response) => response.end("hello"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const daemon = createSocket("udp4").on("message", () => undefined);
  await new Promise<void>((resolve) => daemon.bind(0, "127.0.0.1", resolve));
  const address = `127.0.0.1:${(daemon.address() as AddressInfo).port}`;
  process.send!({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, daemon: address });
}
