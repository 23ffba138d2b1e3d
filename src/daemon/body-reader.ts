import type { IncomingMessage, ServerResponse } from "node:http";

/** Bounds what request bodies take of memory, each alone and all together. */
export class BodyReader {
  readonly #eachBytes: number;
  readonly #allBytes: number;
  #heldBytes = 0;

  constructor({ eachBytes, allBytes }: { readonly eachBytes: number; readonly allBytes: number }) {
    this.#eachBytes = eachBytes;
    this.#allBytes = allBytes;
  }

  /** A request's body, or why it is not read. Counts until the response has gone. Rejects when the client goes first. */
  read(request: IncomingMessage, response: ServerResponse): Promise<Buffer | "tooLarge" | "tooMuch"> {
    const chunks: Buffer[] = [];
    let size = 0;
    response.once("close", () => {
      this.#heldBytes -= size;
    });
    return new Promise((resolve, reject) => {
      const refuse = (reason: "tooLarge" | "tooMuch"): void => {
        request.off("data", take);
        // What still comes is let through unread, so that the client gets to read the answer.
        request.resume();
        resolve(reason);
      };
      const take = (chunk: Buffer): void => {
        chunks.push(chunk);
        size += chunk.length;
        this.#heldBytes += chunk.length;
        if (size > this.#eachBytes) refuse("tooLarge");
        else if (this.#heldBytes > this.#allBytes) refuse("tooMuch");
      };
      if (Number(request.headers["content-length"] ?? 0) > this.#eachBytes) return refuse("tooLarge");
      request.on("data", take);
      request.once("end", () => resolve(Buffer.concat(chunks, size)));
      request.once("error", reject);
    });
  }
}
