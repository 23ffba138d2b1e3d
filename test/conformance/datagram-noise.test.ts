import { expect, it } from "vitest";
import { readDatagram } from "../../src/xray/datagram.ts";
import { chance } from "../fixtures/chance.ts";

const count = 1_000_000;
const newline = 0x0a;
const seeds = [
  '{"format":"json","version":1}\n{"name":"shop"}',
  '{"format": "json", "version": 1}\n{}',
  ' { "Version" : 1 , "FORMAT" : "JSON" } \r\n\n{}',
  '{"a":[{"b":"}"}],"format":"json","version":2,"version":1}\nx',
  '{"format":"j\\u0073on","version":1.0}\n{}',
  '{"format":"json","version":1}',
].map((text) => Buffer.from(text));
/** What a header is made of, so that changed ones stay near to something that is understood. */
const crumbs = Buffer.from('{}[]:,"\\ \r\n\t01eE.-unfjsov\u0000\u00ff', "latin1");

it("a million datagrams, mangled and random, are each read or refused with a reason, and none breaks it", () => {
  const below = chance(42);
  const tally: Record<string, number> = {};
  for (let n = 0; n < count; n += 1) {
    const bytes = n % 4 === 0 ? noise(below) : mangled(below);
    const datagram = readDatagram(bytes);
    const outcome = datagram.kind === "document" ? datagram.kind : datagram.code;
    tally[outcome] = (tally[outcome] ?? 0) + 1;
    // Expectations a million times over would take longer than the reading.
    const isSound =
      datagram.kind === "document"
        ? isRest(datagram.bytes, bytes)
        : datagram.message.length > 10 && (datagram.code !== "EmptyDatagram" || bytes.length === 0);
    if (!isSound) expect.fail(`datagram ${n}, ${bytes.toString("hex")}, is read as ${JSON.stringify(datagram)}`);
  }
  expect(Object.values(tally).reduce((sum, times) => sum + times)).toBe(count);
  // Each way out was taken often, so this test tests what it says.
  for (const outcome of ["document", "EmptyDatagram", "BadHeader", "UnsupportedFormat", "MissingBody"]) {
    expect(tally[outcome]).toBeGreaterThan(1_000);
  }
});

function noise(below: (limit: number) => number): Buffer {
  const bytes = Buffer.allocUnsafe(below(64));
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = below(256);
  return bytes;
}

function mangled(below: (limit: number) => number): Buffer {
  const bytes = Buffer.from(seeds[below(seeds.length)]!);
  for (let changes = below(4); changes > 0; changes -= 1) bytes[below(bytes.length)] = crumbs[below(crumbs.length)]!;
  return below(5) === 0 ? bytes.subarray(0, below(bytes.length + 1)) : bytes;
}

/** All that comes after the first newline, as a view of the same memory. */
function isRest(rest: Uint8Array, bytes: Buffer): boolean {
  const start = bytes.indexOf(newline) + 1;
  return (
    start > 0 && rest.length > 0 && rest.length === bytes.length - start && rest.byteOffset === bytes.byteOffset + start
  );
}
