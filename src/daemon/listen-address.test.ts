import { expect, it } from "vitest";
import { formatAddress, parseListenAddress } from "./listen-address.ts";

it.each([
  ["127.0.0.1:2000", "127.0.0.1", 2_000],
  ["0.0.0.0:0", "0.0.0.0", 0],
  ["localhost:2399", "localhost", 2_399],
  ["[::1]:2399", "::1", 2_399],
  ["[fe80::1%eth0]:2399", "fe80::1%eth0", 2_399],
  [":2399", "::", 2_399],
  ["[::]:2399", "::", 2_399],
  ["xray.internal:65535", "xray.internal", 65_535],
])("%s is host %s, port %d", (text, host, port) => {
  expect(parseListenAddress(text)).toEqual({ host, port });
});

it.each([
  "",
  "127.0.0.1",
  "host:",
  "host:abc",
  "host:65536",
  "host:-1",
  "::1:2000",
  "[x]:2000",
  "a b:1",
  "[::1]",
  "host:1:2",
])("%j is no address", (text) => {
  expect(parseListenAddress(text)).toBeUndefined();
});

it.each(["127.0.0.1:2000", "[::1]:2399", "localhost:1"])("%s is written as it is read", (text) => {
  expect(formatAddress(parseListenAddress(text)!)).toBe(text);
});
