import { Duplex } from "node:stream";

let warmed: Promise<void> | undefined;

/**
 * Runs a request through Node's HTTP code once per process, on a made-up connection that nothing leaves by. Without it
 * the first real request would be timed together with loading and compiling that code: milliseconds, in the wrong phase.
 */
export function warmUp(): Promise<void> {
  warmed ??= exchangeWithNobody();
  return warmed;
}

async function exchangeWithNobody(): Promise<void> {
  const [{ request }, { Socket }] = await Promise.all([import("node:http"), import("node:net")]);
  new Socket().destroy();
  const connection = new Duplex({
    read() {},
    write(_chunk, _encoding, done) {
      done();
      connection.push("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n.");
      connection.push(null);
    },
  });
  await new Promise<void>((resolve) => {
    const outgoing = request({ createConnection: () => connection, headers: ["Host", "nobody"] }, async (response) => {
      for await (const _ of response);
      resolve();
    });
    // Being warm is a nicety: the real request will tell of anything that is wrong.
    outgoing.on("error", () => resolve());
    outgoing.end();
  });
}
