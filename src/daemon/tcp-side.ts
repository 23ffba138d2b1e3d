import { bindError } from "./bind-error.ts";
import { openTcpServer, type TcpServer, type TcpServerOptions } from "./tcp-server.ts";

/** The TCP server of a daemon that does its work without one as well. */
export interface TcpSide {
  /** `undefined` while another program has it. */
  readonly port: number | undefined;
  /** Why there is no server, as a sentence. */
  readonly trouble: string | undefined;
  /** May be called twice. */
  close(patienceMs: number): Promise<void>;
}

/**
 * Opens the TCP server. While another program has the port, as the original daemon that is being replaced, segments are
 * taken all the same and the port is tried again now and then. Rejects for an address that this machine does not have.
 */
export async function openTcpSide(options: TcpServerOptions & { readonly tryAgainMs?: number }): Promise<TcpSide> {
  const { host, port, log, tryAgainMs = 10_000 } = options;
  let server: TcpServer | undefined;
  let trouble: string | undefined;
  let timer: NodeJS.Timeout | undefined;
  let opening: Promise<void> | undefined;
  let isClosed = false;

  const open = async (): Promise<void> => {
    try {
      server = await openTcpServer(options);
      if (trouble !== undefined) log.info({ host, port }, "the TCP port is free now and ours");
      trouble = undefined;
    } catch (error) {
      const failure = bindError(error, "tcp", host, port, "daemon");
      if (failure.code !== "FLUORO_PORT_IN_USE") throw failure;
      if (trouble === undefined) {
        log.error({ text: `${failure.message} Segments are taken on UDP meanwhile.` }, "no TCP port");
      }
      trouble = failure.message;
      if (!isClosed) timer = setTimeout(tryAgain, tryAgainMs).unref();
    }
  };
  const tryAgain = (): void => {
    opening = open().catch((error: unknown) => {
      log.error({ error: String(error) }, "the TCP port cannot be opened any more");
    });
  };
  await open();
  return {
    get port() {
      return server?.port;
    },
    get trouble() {
      return trouble;
    },
    async close(patienceMs) {
      isClosed = true;
      clearTimeout(timer);
      await opening;
      await server?.close(patienceMs);
    },
  };
}
