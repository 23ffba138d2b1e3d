// A PostgreSQL server for the example: the real engine, compiled to WebAssembly, behind a socket that speaks its protocol.
// Prints its URL. Takes one connection at a time.
import { createServer } from "node:net";
import { PGlite } from "@electric-sql/pglite";

const engine = await PGlite.create();
await engine.exec(`
  create table prices (tea text primary key, cents integer not null);
  insert into prices values ('green', 320), ('black', 280);
`);

const sslRequest = 80_877_103;

const server = createServer(async (socket) => {
  socket.on("error", () => socket.destroy());
  let waiting = Buffer.alloc(0);
  let hasStarted = false;
  for await (const bytes of socket) {
    waiting = Buffer.concat([waiting, bytes]);
    for (;;) {
      // The first message has no type before its length.
      const at = hasStarted ? 1 : 0;
      if (waiting.length < at + 4) break;
      const length = at + waiting.readInt32BE(at);
      if (waiting.length < length) break;
      const message = waiting.subarray(0, length);
      waiting = waiting.subarray(length);
      if (!hasStarted && message.readInt32BE(4) === sslRequest) {
        socket.write("N");
        continue;
      }
      hasStarted = true;
      socket.write(await engine.execProtocolRaw(message));
    }
  }
});

server.listen(Number(process.argv[2] ?? 5433), "127.0.0.1", () => {
  console.log(`postgres://postgres@127.0.0.1:${server.address().port}/shop`);
});
