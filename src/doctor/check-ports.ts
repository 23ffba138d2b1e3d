import { createSocket } from "node:dgram";
import { createServer } from "node:net";
import type { Finding, Patient } from "./finding.ts";

interface Port {
  readonly protocol: "UDP" | "TCP";
  readonly port: number;
  readonly use: string;
  readonly flag: string;
  /** `up` does without it when nobody has asked for it. */
  readonly isOptional: boolean;
}

/** Whether `up` would get its ports; while it runs it has them. */
export async function checkPorts({ config, running }: Patient): Promise<Finding[]> {
  if (running !== undefined) return [];
  const { port, otlpHttpPort, otlpGrpcPort, host } = config;
  const otlp = (given: number | undefined, usual: number): Pick<Port, "port" | "isOptional"> => ({
    port: given ?? usual,
    isOptional: given === undefined,
  });
  const ports: readonly Port[] = [
    { protocol: "UDP", port, use: "segments", flag: "--port", isOptional: false },
    { protocol: "TCP", port, use: "API and console", flag: "--port", isOptional: false },
    { protocol: "TCP", ...otlp(otlpHttpPort, 4318), use: "OTLP over HTTP", flag: "--otlp-http-port" },
    { protocol: "TCP", ...otlp(otlpGrpcPort, 4317), use: "OTLP over gRPC", flag: "--otlp-grpc-port" },
  ];
  return Promise.all(ports.filter(({ port }) => port !== 0).map((each) => checkPort(host, each)));
}

async function checkPort(host: string, { protocol, port, use, flag, isOptional }: Port): Promise<Finding> {
  const subject = `${protocol} ${port}`;
  const code = await (protocol === "UDP" ? bindUdp(host, port) : bindTcp(host, port));
  if (code === undefined) return { kind: "fine", subject, text: `The port for ${use} is free.` };
  const kind = isOptional ? "note" : "trouble";
  if (code === "EADDRINUSE") {
    const remedy = `Stop that program (another X-Ray daemon or collector?), or choose another port with ${flag}.`;
    return { kind, subject, text: `Another program has the port for ${use}.`, remedy };
  }
  if (code === "EACCES") {
    const text = `This user may not open the port for ${use}.`;
    return { kind, subject, text, remedy: `Choose one above 1023 with ${flag}.` };
  }
  const remedy = "Write an address that this machine has with --host.";
  return { kind, subject, text: `The address ${host} cannot be listened on (${code}).`, remedy };
}

/** Answers the system's code for what is wrong. */
function bindUdp(host: string, port: number): Promise<string | undefined> {
  const socket = createSocket(host.includes(":") ? "udp6" : "udp4");
  return new Promise((resolve) => {
    socket.once("error", (error) => resolve(codeOf(error)));
    socket.bind({ address: host, port, exclusive: true }, () => socket.close(() => resolve(undefined)));
  });
}

function bindTcp(host: string, port: number): Promise<string | undefined> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once("error", (error) => resolve(codeOf(error)));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}

const codeOf = (error: Error): string => ("code" in error ? String(error.code) : error.message);
