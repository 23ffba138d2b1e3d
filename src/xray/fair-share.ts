/**
 * Places of which one holder has three quarters at most: whoever takes all that he can get leaves some to others. A
 * proxy that everybody comes through is one holder.
 */
export class FairShare {
  readonly #most: number;
  readonly #held = new Map<string, number>();

  constructor(places: number) {
    this.#most = Math.ceil((places * 3) / 4);
  }

  /** Answers how to give the place back; `undefined` when this holder has his share already. */
  take(address: string): (() => void) | undefined {
    const holder = holderOf(address);
    const held = this.#held.get(holder) ?? 0;
    if (held >= this.#most) return undefined;
    this.#held.set(holder, held + 1);
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      const left = this.#held.get(holder)! - 1;
      if (left > 0) this.#held.set(holder, left);
      else this.#held.delete(holder);
    };
  }
}

/** What is used of a connection. */
interface Connection {
  readonly remoteAddress?: string | undefined;
  destroy(): unknown;
  once(event: "close", then: () => void): unknown;
}

/** What is used of a server. */
interface Listening {
  maxConnections: number;
  on(event: "connection", take: (connection: Connection) => void): unknown;
}

/** Bounds a server's connections, and each address to its share of them; what is beyond is closed at once. */
export function shareConnections(server: Listening, most: number): void {
  const share = new FairShare(most);
  server.maxConnections = most;
  server.on("connection", (connection) => {
    const leave = share.take(connection.remoteAddress ?? "");
    if (leave === undefined) connection.destroy();
    else connection.once("close", leave);
  });
}

/** One machine has a whole network of addresses in IPv6: the first half of the address is whose it is. */
function holderOf(address: string): string {
  const plain = address.replace(/^::ffff:/i, "");
  return plain.includes(":") ? plain.split(":").slice(0, 4).join(":") : plain;
}
