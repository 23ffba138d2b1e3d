import { randomFillSync } from "node:crypto";

/** Random bytes are fetched in stock: one by one they cost more than all else about a span. */
const stock = Buffer.allocUnsafe(8_192);
let used = stock.length;

function randomHex(sizeBytes: number): string {
  if (used + sizeBytes > stock.length) {
    randomFillSync(stock);
    used = 0;
  }
  used += sizeBytes;
  return stock.toString("hex", used - sizeBytes, used);
}

/**
 * Ids as X-Ray makes them: a trace id begins with the time in seconds. Fits any trace SDK of OpenTelemetry.
 * @example
 * new BasicTracerProvider({ idGenerator: new XRayIdGenerator() });
 */
export class XRayIdGenerator {
  generateTraceId(): string {
    return (
      Math.floor(Date.now() / 1_000)
        .toString(16)
        .padStart(8, "0") + randomHex(12)
    );
  }

  generateSpanId(): string {
    const id = randomHex(8);
    return id === noId ? this.generateSpanId() : id;
  }
}

const noId = "0000000000000000";
