// Appends to a store for ever and prints the ids of what was acknowledged: made to be killed.
//   tsx appending-child.ts <directory> <first number>
import { silentLog } from "../../src/log.ts";
import { EmbeddedStore } from "../../src/store/embedded/embedded-store.ts";

const [, , directory, first] = process.argv;
const store = new EmbeddedStore({ directory, log: silentLog, now: Date.now });

for (let number = Number(first); ; ) {
  const ids: string[] = [];
  const documents: { bytes: Uint8Array }[] = [];
  // Batches of all sizes, with traces that come in two parts and so are written twice.
  for (let left = 1 + ((number * 7919) % 300); left > 0; left--, number++) {
    const id = Math.floor(number / 2)
      .toString(16)
      .padStart(24, "0");
    ids.push(`${id} ${number}`);
    documents.push({ bytes: Buffer.from(document(`1-6553f100-${id}`, number)) });
  }
  try {
    await store.append(documents);
    process.stdout.write(`kept ${ids.join(",")}\n`);
  } catch (error) {
    const { code, retryable } = error as { code?: string; retryable?: boolean };
    process.stdout.write(`failed ${code} ${retryable}\n`);
    await new Promise((resolve) => setTimeout(resolve, 50));
    number -= documents.length;
  }
}

function document(traceId: string, number: number): string {
  const start = 1_700_000_000 + number / 100;
  return JSON.stringify({
    trace_id: traceId,
    id: number.toString(16).padStart(16, "0"),
    name: number % 2 === 0 ? "shop" : "orders",
    start_time: start,
    end_time: start + 0.5,
    annotations: { number },
    metadata: { filling: `${number}`.repeat(50) },
  });
}
