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
  ["C-62", "a mixed format", '{"format":"jSoN","version":1}'],
  ["C-62", "keys nobody knows", '{"format":"json","version":1,"more":[]}'],
  ["C-62", "members of members, which say nothing", '{"a":{"version":2},"format":"json","b":[{"c":"}"}],"version":1}'],
  ["C-62", "keys written with escapes", '{"f\\u006frmat":"json","\\u0076ersion":1}'],
  ["C-62", "a format written with escapes", '{"format":"\\u006ason","version":1}'],
  ["C-60", "the other order", '{"version":1,"format":"json"}'],
  ["C-60", "repeated members of which the last holds", '{"version":2,"format":"xml","format":"json","version":1}'],
  ["C-60", "a repeated member of the wrong type", '{"format":"json","version":1,"version":"2","FORMAT":null}'],
])("%s: %s (%s) is accepted", (_, __, header) => {
  expect(readDatagram(encode(`${header}\n${document}`))).toEqual(taken);
});

it.each([
  ["C-63", "version 2", '{"format":"json","version":2}\n{}', "UnsupportedFormat"],
  ["C-63", "a version in quotes", '{"format":"json","version":"1"}\n{}', "UnsupportedFormat"],
  ["C-63", "a version with a fraction", '{"format":"json","version":1.0}\n{}', "UnsupportedFormat"],
  ["C-63", "a version with an exponent", '{"format":"json","version":1e0}\n{}', "UnsupportedFormat"],
  ["C-63", "a version that is null", '{"format":"json","version":null}\n{}', "UnsupportedFormat"],
  ["C-63", "a version in a list", '{"format":"json","version":[1]}\n{}', "UnsupportedFormat"],
  [
    "C-63",
    "a version that would wrap around",
    '{"format":"json","version":18446744073709551617}\n{}',
    "UnsupportedFormat",
  ],
  [
    "C-63",
    "repeated versions of which the last does not fit",
    '{"format":"json","version":1,"VERSION":2}\n{}',
    "UnsupportedFormat",
  ],
  ["C-63", "no version", '{"format":"json"}\n{}', "UnsupportedFormat"],
  ["C-64", "XML", '{"format":"xml","version":1}\n{}', "UnsupportedFormat"],
  ["C-64", "a format that is no text", '{"format":1,"version":1}\n{}', "UnsupportedFormat"],
  [
    "C-64",
    "repeated formats of which the last does not fit",
    '{"format":"json","format":"xml","version":1}\n{}',
    "UnsupportedFormat",
  ],
  ["C-65", "a header with nothing after it", '{"format":"json","version":1}', "MissingBody"],
  ["C-65", "a header and a newline", '{"format":"json","version":1}\n', "MissingBody"],
  ["C-65", "a document without a header", document, "UnsupportedFormat"],
  ["C-65", "text that is no JSON", "hello\n{}", "BadHeader"],
  ["C-65", "a list for a header", '[{"format":"json","version":1}]\n{}', "BadHeader"],
  ["C-65", "null for a header", "null\n{}", "BadHeader"],
  ["C-65", "something after the header", '{"format":"json","version":1} x\n{}', "BadHeader"],
  ["C-65", "a byte order mark before the header", '\uFEFF{"format":"json","version":1}\n{}', "BadHeader"],
  ["C-65", "a newline before the header", '\n{"format":"json","version":1}\n{}', "BadHeader"],
  ["C-65", "a newline within the header", '{"format":"json",\n"version":1}\n{}', "BadHeader"],
  ["C-65", "nothing at all", "", "EmptyDatagram"],
])("%s: %s is refused", (_, __, text, code) => {
  expect(readDatagram(encode(text))).toMatchObject({ kind: "refused", code });
});

it.each([
  ["is no JSON", encode("{oops")],
  ["is one letter", encode("x")],
  ["begins with a newline", encode("\n{}")],
  ["has many lines", encode("{\n}\n\n")],
  ["is no UTF-8", Uint8Array.of(0xff, 0xfe, 0x80)],
  ["is made of control characters", Uint8Array.of(0, 1, 13, 27)],
  ["has 60 KB", new Uint8Array(60_000).fill(0x41)],
])("C-66: a body that %s is handed on unread, whatever header is before it", (_, body) => {
  for (const header of ['{"format":"json","version":1}', '{"version":1,"format":"json"}\r']) {
    expect(readDatagram(Uint8Array.of(...encode(`${header}\n`), ...body))).toEqual({ kind: "document", bytes: body });
  }
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
