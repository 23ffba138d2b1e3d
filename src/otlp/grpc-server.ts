import { createServer, type Socket } from "node:net";
import type * as Grpc from "@grpc/grpc-js";
import { shareConnections } from "../xray/fair-share.ts";
import type { Admit } from "./admit.ts";
import type { OtlpIntake, Taken } from "./intake.ts";
import { listenOn, type OtlpServer, type OtlpServerOptions } from "./otlp-server.ts";
import { maxBodyBytes } from "./read-http-body.ts";
import { grpcStatus, writeFailure, writeResponse } from "./write-answer.ts";

const mostConnections = 256;
/** Requests that a connection may have under way. */
const mostStreams = 32;
/** A connection on which nothing comes for so long is closed. */
const idleMs = 300_000;
/** A stop waits this long for requests under way. */
const patienceMs = 5_000;

/** gRPC's side, once it is loaded. */
interface Loaded {
  readonly server: Grpc.Server;
  take(socket: Socket): void;
}

/**
 * Makes the server of OTLP over gRPC; nothing listens yet. The library is loaded when the first connection comes: most who
 * start fluoroscope never send by gRPC, and it takes longer to load than all the rest.
 */
export function createOtlpGrpcServer({ host, intake, admit }: OtlpServerOptions): OtlpServer {
  let loading: Promise<Loaded> | undefined;
  let isClosing = false;
  const sockets = new Set<Socket>();
  // Nothing may be read of a connection before gRPC has it.
  const server = createServer({ pauseOnConnect: true, noDelay: true });
  shareConnections(server, mostConnections);
  server.on("connection", (socket) => {
    if (socket.destroyed) return;
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    loading ??= load(intake, admit);
    loading.then(
      ({ take }) => (isClosing ? socket.destroy() : take(socket)),
      () => socket.destroy(),
    );
  });
  return {
    listen: (port) => listenOn(server, port, host),
    async close() {
      isClosing = true;
      const closed = server.listening && new Promise<void>((resolve) => server.close(() => resolve()));
      const loaded = await loading?.catch(() => undefined);
      if (loaded !== undefined) await shutDown(loaded.server);
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

async function load(intake: OtlpIntake, admit: Admit | undefined): Promise<Loaded> {
  const grpc = await import("@grpc/grpc-js");
  const server = new grpc.Server({
    "grpc.max_receive_message_length": maxBodyBytes,
    "grpc.max_concurrent_streams": mostStreams,
    "grpc.max_connection_idle_ms": idleMs,
    "grpc.enable_channelz": 0,
    interceptors: admit === undefined ? [] : [admitting(grpc, admit)],
  });
  server.addService(service, {
    Export: (call: Grpc.ServerUnaryCall<Buffer, Uint8Array>, reply: Grpc.sendUnaryData<Uint8Array>) => {
      take(call.request, intake).then((taken) => answer(grpc, taken, reply));
    },
  });
  const injector = server.createConnectionInjector(grpc.ServerCredentials.createInsecure());
  return {
    server,
    take(socket) {
      injector.injectConnection(socket);
      socket.resume();
    },
  };
}

/** Bytes in, bytes out: the messages are read and written where those of HTTP are. */
const service: Grpc.ServiceDefinition = {
  Export: {
    path: "/opentelemetry.proto.collector.trace.v1.TraceService/Export",
    requestStream: false,
    responseStream: false,
    requestSerialize: (bytes: Buffer) => bytes,
    requestDeserialize: (bytes: Buffer) => bytes,
    responseSerialize: (bytes: Uint8Array) => Buffer.from(bytes),
    responseDeserialize: (bytes: Buffer) => bytes,
  },
};

async function take(bytes: Buffer, intake: OtlpIntake): Promise<Taken> {
  const { length } = bytes;
  if (!intake.reserve(length)) return intake.turnAway();
  try {
    return await intake.take(bytes, "protobuf", "otlp-grpc");
  } finally {
    intake.release(length);
  }
}

function answer(grpc: typeof Grpc, taken: Taken, reply: Grpc.sendUnaryData<Uint8Array>): void {
  switch (taken.kind) {
    case "taken":
      reply(null, writeResponse(taken, "protobuf"));
      break;
    case "undecodable":
      reply({ code: grpcStatus.invalidArgument, details: taken.message });
      break;
    case "full":
    case "failed": {
      const code = taken.kind === "full" ? grpcStatus.resourceExhausted : grpcStatus.unavailable;
      const { message, retrySeconds } = taken;
      const metadata = new grpc.Metadata();
      metadata.set("grpc-status-details-bin", Buffer.from(writeFailure({ code, message, retrySeconds }, "protobuf")));
      reply({ code, details: message, metadata });
    }
  }
}

/** Turns away who may not send by what stands before the message, so that nobody else's messages fill the memory. */
function admitting(grpc: typeof Grpc, admit: Admit): Grpc.ServerInterceptor {
  return (_method, call) =>
    new grpc.ServerInterceptingCall(call, {
      start(next) {
        next({
          onReceiveMetadata(metadata, goOn) {
            const refusal = admit(metadata.get("authorization")[0]?.toString());
            if (refusal === undefined) goOn(metadata);
            else {
              const code = refusal.status === 401 ? grpcStatus.unauthenticated : grpcStatus.permissionDenied;
              call.sendStatus({ code, details: refusal.message });
            }
          },
          onReceiveMessage: (message, goOn) => goOn(message),
          onReceiveHalfClose: (goOn) => goOn(),
          onCancel() {},
        });
      },
    });
}

async function shutDown(server: Grpc.Server): Promise<void> {
  const timer = setTimeout(() => server.forceShutdown(), patienceMs);
  await new Promise<void>((resolve) => server.tryShutdown(() => resolve()));
  clearTimeout(timer);
}
