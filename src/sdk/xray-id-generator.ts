import { randomBytes } from "node:crypto";

/** Random digits are fetched in stock: one by one they cost more than all else about a span. */
let stock = "";
let used = 0;
/** What a snapshot of a process holds, all that are started from it would use alike: in it there is no stock. */
const stockBytes = process.env.AWS_LAMBDA_INITIALIZATION_TYPE === "snap-start" ? 0 : 4_096;

function randomHex(digits: number): string {
  if (used + digits > stock.length) {
    stock = randomBytes(stockBytes || digits / 2).toString("hex");
    used = 0;
  }
  used += digits;
  return stock.slice(used - digits, used);
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
        .padStart(8, "0") + randomHex(24)
    );
  }

  generateSpanId(): string {
    const id = randomHex(16);
    return id === noId ? this.generateSpanId() : id;
  }
}

const noId = "0000000000000000";
