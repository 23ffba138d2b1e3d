import { idOf } from "../../test/fixtures/taken-documents.ts";

/** The sizes that are measured, in bytes of a document; its datagram has a header line more. */
export type DocumentSize = 1_060 | 4_096;

/** A datagram whose segment id is written anew each time it is sent, so that no two sent are alike. */
export interface NumberedDatagram {
  readonly bytes: Buffer;
  /** Makes it the datagram of this document. */
  number(number: number): void;
}

const header = '{"format":"json","version":1}\n';
const quotes = 150;

/** A segment such as an SDK sends it: of exactly this size, with 150 quotes, so 150 characters to escape. */
export function numberedDatagram(size: DocumentSize): NumberedDatagram {
  const text = header + document(size);
  const bytes = Buffer.from(text);
  const at = text.indexOf(idOf(0));
  return {
    bytes,
    number: (number) => void bytes.write(idOf(number), at, "latin1"),
  };
}

function document(size: DocumentSize): string {
  const nowSeconds = Math.floor(Date.now() / 1000);
  const annotations: Record<string, string> = {};
  const segment = {
    trace_id: `1-${nowSeconds.toString(16)}-5759e988bd862e3fe1be46a9`,
    id: idOf(0),
    name: "shop",
    start_time: nowSeconds + 0.125,
    end_time: nowSeconds + 0.25,
    http: {
      request: { method: "GET", url: "https://shop.example/v1/orders/8412", client_ip: "10.0.3.17" },
      response: { status: 200, content_length: 5_310 },
    },
    aws: { xray: { sdk: "X-Ray for Node.js", sdk_version: "3.12.0" } },
    service: { version: "2026.11.3" },
    annotations,
    text: "",
  };
  const count = (): number => JSON.stringify(segment).split('"').length - 1;
  for (let n = 0; count() < quotes; n += 1) annotations[`k${n}`] = "v";
  segment.text = "x".repeat(size - JSON.stringify(segment).length);
  const text = JSON.stringify(segment);
  if (Buffer.byteLength(text) !== size || count() !== quotes) throw new Error(`A document came out as ${text}`);
  return text;
}
