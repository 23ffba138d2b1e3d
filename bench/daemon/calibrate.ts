import { spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { startGenerator } from "./generator.ts";
import { daemonCpu } from "./laboratory.ts";
import type { DocumentSize } from "./numbered-documents.ts";
import { cpuSeconds } from "./process-figures.ts";

/** What receiving alone took on the machine that the original's figures come from: microseconds a datagram. */
const reference: Readonly<Record<DocumentSize, number>> = { 1060: 6.2, 4096: 7.4 };

/** Says what receiving alone costs here, so that figures from elsewhere can be put into proportion. */
export async function calibrate(isQuick: boolean): Promise<void> {
  const parts: string[] = [];
  for (const size of [1_060, 4_096] as const) {
    const runs = [];
    for (let run = 0; run < (isQuick ? 1 : 3); run += 1) runs.push(await receiveAlone(size));
    const micros = runs.sort((a, b) => a - b)[Math.floor(runs.length / 2)]!;
    const ratio = (micros / reference[size]).toFixed(2);
    parts.push(`${size} B ${micros.toFixed(1)} µs (reference machine ${reference[size]} µs: × ${ratio})`);
  }
  console.log(`Receiving and counting alone, node:dgram on one core: ${parts.join(", ")}`);
}

async function receiveAlone(size: DocumentSize): Promise<number> {
  const generator = await startGenerator({ cpu: 1 - daemonCpu });
  const words = ["-c", String(daemonCpu), process.execPath, "--import", "tsx", fileURLToPath(import.meta.url)];
  const receiver = spawn("taskset", words, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const [{ port }] = (await once(receiver, "message")) as [{ port: number }];
  const rate = size === 1_060 ? 40_000 : 12_000;
  // By what was received, since a busy machine leaves no time for all that was sent.
  const received = async (): Promise<number> => {
    receiver.send("count");
    const [{ count }] = (await once(receiver, "message")) as [{ count: number }];
    return count;
  };
  await generator.send({ port, size, rate, count: rate / 2 });
  const [cpuBefore, countBefore] = [cpuSeconds(receiver.pid!), await received()];
  await generator.send({ port, size, rate, count: rate * 2 });
  const micros = ((cpuSeconds(receiver.pid!) - cpuBefore) / ((await received()) - countBefore)) * 1e6;
  receiver.disconnect();
  await Promise.all([generator.close(), once(receiver, "exit")]);
  return micros;
}

if (process.send !== undefined && process.argv[1] === fileURLToPath(import.meta.url)) {
  const socket = createSocket({ type: "udp4", recvBufferSize: 4 * 2 ** 20 });
  let received = 0;
  socket.on("message", () => {
    received += 1;
  });
  socket.bind(0, "127.0.0.1", () => process.send!({ port: socket.address().port }));
  process.on("message", () => process.send!({ count: received }));
  process.on("disconnect", () => process.exit());
}
