import { parseTraceId } from "../xray/trace-id.ts";

/**
 * The trace of a document that names it once, and then as a plain text. Should the name stand somewhere below, the document
 * has no trace id of its own and will be refused: it is as well off with this trace as with any.
 */
export function traceIdIn(bytes: Uint8Array): string | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const found = buffer.indexOf(member);
  if (found < 0 || buffer.indexOf(member, found + 1) >= 0) return undefined;
  let at = found + member.length;
  while (bytes[at] === space || bytes[at] === colon) at++;
  if (bytes[at] !== quote) return undefined;
  const end = bytes.indexOf(quote, at + 1);
  return end < 0 || end - at > longestId ? undefined : parseTraceId(buffer.toString("latin1", at + 1, end));
}

const member = '"trace_id"';
const quote = 0x22;
const colon = 0x3a;
const space = 0x20;
/** The longest form, `1-8-24`, with some room. */
const longestId = 40;
