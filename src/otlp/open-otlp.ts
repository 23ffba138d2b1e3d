import { isIPv6 } from "node:net";
import { type Log, silentLog } from "../log.ts";
import type { Admit } from "./admit.ts";
import { createOtlpGrpcServer } from "./grpc-server.ts";
import { createOtlpHttpServer } from "./http-server.ts";
import { type Door, type OtlpFigures, OtlpIntake } from "./intake.ts";
import type { OtlpServer } from "./otlp-server.ts";

/** Both servers of OpenTelemetry's protocol. */
export interface Otlp {
  /** Where they listen, as `http://127.0.0.1:4318` and `127.0.0.1:4317`; without those whose port was taken. */
  readonly addresses: OtlpAddresses;
  figures(): OtlpFigures;
  /** Takes nothing more. To be called before the door is closed. May be called twice. */
  close(): Promise<void>;
}

export interface OtlpAddresses {
  readonly otlpHttp?: string;
  readonly otlpGrpc?: string;
}

/** A port to listen on. One that nobody asked for may be done without; 0 is any that is free. */
export interface OtlpPort {
  readonly number: number;
  readonly isChosen: boolean;
}

export interface OtlpOptions {
  readonly host: string;
  readonly http: OtlpPort;
  readonly grpc: OtlpPort;
  readonly door: Door;
  readonly admit?: Admit | undefined;
  readonly log?: Log;
  /** What to say about a port that cannot be had. */
  readonly bindError: (cause: unknown, port: number, flag: OtlpFlag) => Error;
}

type OtlpFlag = "--otlp-http-port" | "--otlp-grpc-port";

/** Listens on both ports. Rejects when one that was asked for cannot be had. */
export async function openOtlp(options: OtlpOptions): Promise<Otlp> {
  const { host, door, admit, log = silentLog } = options;
  const intake = new OtlpIntake(door, log);
  const servers: OtlpServer[] = [];
  const open = async (server: OtlpServer, port: OtlpPort, flag: OtlpFlag): Promise<string | undefined> => {
    servers.push(server);
    try {
      return `${isIPv6(host) ? `[${host}]` : host}:${await server.listen(port.number)}`;
    } catch (cause) {
      const error = options.bindError(cause, port.number, flag);
      if (port.isChosen) throw error;
      log.warn(
        { text: `${error.message} Going on without it.`, port: port.number },
        "a port for OpenTelemetry is taken",
      );
      return undefined;
    }
  };
  const close = async (): Promise<void> => {
    await Promise.all(servers.map((server) => server.close()));
    await intake.close();
  };
  try {
    const http = await open(createOtlpHttpServer({ host, intake, admit }), options.http, "--otlp-http-port");
    const grpc = await open(createOtlpGrpcServer({ host, intake, admit }), options.grpc, "--otlp-grpc-port");
    return {
      addresses: { ...(http && { otlpHttp: `http://${http}` }), ...(grpc && { otlpGrpc: grpc }) },
      figures: () => intake.figures(),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
