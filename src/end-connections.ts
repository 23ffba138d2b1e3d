import type { Server } from "node:http";
import type { Socket } from "node:net";

/**
 * Answers a function that closes a server without cutting off an answer under way: connections that wait for a request,
 * those that never had one included, end at once, the others with their answer or when patience does.
 */
export function endConnections(server: Server): (patienceMs: number) => Promise<void> {
  const idle = new Set<Socket>();
  let isClosing = false;
  server.on("connection", (socket) => {
    idle.add(socket);
    socket.once("close", () => idle.delete(socket));
  });
  server.on("request", ({ socket }, response) => {
    idle.delete(socket);
    response.once("close", () => {
      if (isClosing) socket.destroySoon();
      else if (!socket.destroyed) idle.add(socket);
    });
  });
  return async (patienceMs) => {
    isClosing = true;
    if (!server.listening) return;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const socket of idle) socket.destroy();
    const timer = setTimeout(() => server.closeAllConnections(), patienceMs);
    await closed;
    clearTimeout(timer);
  };
}
