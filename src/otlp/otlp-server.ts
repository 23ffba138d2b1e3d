import type { AddressInfo, Server } from "node:net";
import type { Admit } from "./admit.ts";
import type { OtlpIntake } from "./intake.ts";

/** One of the two servers of OpenTelemetry's protocol. */
export interface OtlpServer {
  /** Answers the port. Rejects with the system's error when it cannot be had. */
  listen(port: number): Promise<number>;
  /** Lets requests under way finish, for a moment. May be called twice. */
  close(): Promise<void>;
}

export interface OtlpServerOptions {
  readonly host: string;
  readonly intake: OtlpIntake;
  /** Without it everybody is let in. */
  readonly admit?: Admit | undefined;
}

/** Listens, and answers the port that was taken. */
export function listenOn(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ port, host, backlog: 1_024 }, () => {
      server.off("error", reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}
