import fc from "fast-check";
import { expect, it } from "vitest";
import { readDatagram, writeDatagram } from "./datagram.ts";

const encode = (text: string) => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array) => new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);

it("what is written is read again", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", minLength: 1 }), (document) => {
      const datagram = readDatagram(writeDatagram(document));
      expect(datagram.kind === "document" && decode(datagram.bytes)).toBe(document);
    }),
  );
});

it("any body is handed on as it came, whatever spelling its header has", () => {
  const blank = fc.stringMatching(/^[ \t\r]{0,4}$/);
  const header = fc.tuple(blank, blank, blank, fc.boolean(), fc.boolean()).map(([a, b, c, isReversed, isUpper]) => {
    const members = [`"format"${a}:${b}"json"`, `"version"${c}:${a}1`];
    const text = `${a}{${b}${(isReversed ? members.reverse() : members).join(`${c},`)}}${b}`;
    return isUpper ? text.toUpperCase() : text;
  });
  fc.assert(
    fc.property(header, fc.uint8Array({ minLength: 1 }), (header, body) => {
      const datagram = readDatagram(Uint8Array.from([...encode(`${header}\n`), ...body]));
      expect(datagram).toEqual({ kind: "document", bytes: body });
    }),
  );
});

it("no bytes make it throw", () => {
  const nearly = fc
    .tuple(fc.constantFrom('{"format":"json","version":1}\n', '{"format":"json"', '{"version":1'), fc.string())
    .map(([start, rest]) => encode(start + rest));
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 2_000 }), nearly), (bytes) => {
      expect(["document", "refused"]).toContain(readDatagram(bytes).kind);
    }),
  );
});

it("the document is a view, not a copy", () => {
  const bytes = writeDatagram("{}");
  const datagram = readDatagram(bytes);
  expect(datagram.kind === "document" && datagram.bytes.buffer).toBe(bytes.buffer);
});

it("a first line that does not end within 512 bytes is not parsed", () => {
  const line = `{"format":"json","version":1,"pad":"${"x".repeat(1_000_000)}"}\n{}`;
  expect(readDatagram(encode(line))).toMatchObject({ code: "BadHeader" });
});

it("the message says what was found and what is known", () => {
  const message = (text: string) => {
    const datagram = readDatagram(encode(text));
    return datagram.kind === "refused" && datagram.message;
  };
  expect(message('{"format":"xml","version":1}\n{}')).toBe(`The header's format is "xml"; only "json" is known`);
  expect(message('{"format":"json"}\n{}')).toBe("The header's version is missing; only 1 is known");
  expect(message("hello\n{}")).toBe('The first line is not JSON; it should be {"format":"json","version":1}');
  expect(message("[]\n{}")).toBe('The first line is not an object; it should be {"format":"json","version":1}');
  expect(message("")).toBe("The datagram is empty");
});
