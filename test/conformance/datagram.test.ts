import { expect, it } from "vitest";
import { readDatagram, writeDatagram } from "../../src/xray/datagram.ts";

const encode = (text: string) => new TextEncoder().encode(text);
const document = '{"name":"shop"}';
const taken = { kind: "document", bytes: encode(document) };

it.each([
  ["C-60", "the compact header", '{"format":"json","version":1}'],
  ["C-61", "a header with blanks, as Go writes it", '{"format": "json", "version": 1}'],
  ["C-61", "a header with other blanks", ' { "version" :1 , "format" : "json"}\r'],
  ["C-62", "the format in upper case", '{"format":"JSON","version":1}'],
  ["C-62", "keys in upper case", '{"FORMAT":"json","Version":1}'],
  ["C-62", "keys nobody knows", '{"format":"json","version":1,"more":[]}'],
])("%s: %s (%s) is accepted", (_, __, header) => {
  expect(readDatagram(encode(`${header}\n${document}`))).toEqual(taken);
});

it.each([
  ["C-63", "version 2", '{"format":"json","version":2}\n{}', "UnsupportedFormat"],
  ["C-63", "a version in quotes", '{"format":"json","version":"1"}\n{}', "UnsupportedFormat"],
  ["C-63", "no version", '{"format":"json"}\n{}', "UnsupportedFormat"],
  ["C-64", "XML", '{"format":"xml","version":1}\n{}', "UnsupportedFormat"],
  ["C-65", "a header with nothing after it", '{"format":"json","version":1}', "MissingBody"],
  ["C-65", "a header and a newline", '{"format":"json","version":1}\n', "MissingBody"],
  ["C-65", "a document without a header", document, "UnsupportedFormat"],
  ["C-65", "text that is no JSON", "hello\n{}", "BadHeader"],
  ["C-65", "a list for a header", "[]\n{}", "BadHeader"],
  ["C-65", "nothing at all", "", "EmptyDatagram"],
])("%s: %s is refused", (_, __, text, code) => {
  expect(readDatagram(encode(text))).toMatchObject({ kind: "refused", code });
});

it("C-66: a body that is no JSON is handed on unread", () => {
  const datagram = readDatagram(encode('{"format":"json","version":1}\n{oops\nx'));
  expect(datagram).toEqual({ kind: "document", bytes: encode("{oops\nx") });
});

it("C-67: the largest datagram that UDP carries is accepted", () => {
  const bytes = writeDatagram("x".repeat(65_507 - 30));
  expect(bytes.length).toBe(65_507);
  expect(readDatagram(bytes)).toMatchObject({ kind: "document", bytes: { length: 65_477 } });
});

it("C-68: a bad datagram between two good ones spoils neither", () => {
  const datagrams = [writeDatagram(document), encode("bad"), writeDatagram(document)].map(readDatagram);
  expect(datagrams.map(({ kind }) => kind)).toEqual(["document", "refused", "document"]);
});
