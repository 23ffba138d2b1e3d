import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { FastifyInstance, FastifyReply } from "fastify";

const notBuilt = `<!doctype html><title>fluoroscope</title>
<p>fluoroscope runs, but its console has not been built here: run <code>npm run build</code>.</p>`;

/** The built console, from this file's place in `dist` or in `src`. */
export const consoleFolder: string = fileURLToPath(
  new URL(import.meta.url.endsWith(".ts") ? "../../dist/console" : "../console", import.meta.url),
);

/**
 * Serves the console's files. Answers what to do with a page that is no file: the console finds its way by the address
 * (`/trace/…`), so it gets the same page for each.
 */
export async function serveConsole(app: FastifyInstance, folder: string): Promise<(reply: FastifyReply) => unknown> {
  if (!existsSync(`${folder}/index.html`)) {
    return (reply) => reply.code(503).header("content-type", "text/html; charset=utf-8").send(notBuilt);
  }
  const { default: files } = await import("@fastify/static");
  await app.register(files, {
    root: folder,
    cacheControl: false,
    setHeaders: (reply, path) => {
      // What the build names by its content never changes; the page that refers to it does.
      const isHashed = path.includes("/assets/");
      reply.header("cache-control", isHashed ? "public, max-age=31536000, immutable" : "no-cache");
    },
  });
  return (reply) => reply.sendFile("index.html");
}
