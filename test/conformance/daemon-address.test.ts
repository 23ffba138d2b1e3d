import { expect, it } from "vitest";
import { parseDaemonAddress } from "../../src/xray/daemon-address.ts";

const split = { udp: { host: "5.6.7.8", port: 4000 }, tcp: { host: "1.2.3.4", port: 3000 } };

it.each([
  ["127.0.0.1:2000", "127.0.0.1"],
  ["xray:2000", "xray"],
  ["[::1]:2000", "::1"],
])("C-50: %s is meant for both transports", (text, host) => {
  expect(parseDaemonAddress(text)).toEqual({ udp: { host, port: 2000 }, tcp: { host, port: 2000 } });
});

it("C-51: a tcp and a udp part stand for one transport each", () => {
  expect(parseDaemonAddress("tcp:1.2.3.4:3000 udp:5.6.7.8:4000")).toEqual(split);
});

it("C-52: the order of the parts does not matter", () => {
  expect(parseDaemonAddress("udp:5.6.7.8:4000 tcp:1.2.3.4:3000")).toEqual(split);
});

it.each([
  ["tcp:1.2.3.4:3000", "has no udp part"],
  ["udp:1.2.3.4:3000", "has no tcp part"],
])("C-53: the error about %s names what is missing", (text, reason) => {
  expect(() => parseDaemonAddress(text)).toThrow(reason);
});

it.each([
  ["127.0.0.1", "has no port"],
  ["host:", "has no port between 1 and 65535"],
  ["host:abc", "has no port between 1 and 65535"],
  ["host:0", "has no port between 1 and 65535"],
  ["host:65536", "has no port between 1 and 65535"],
  [":2000", "has no host"],
  ["::1:2000", "has a host that cannot be one"],
  ["[x]:2000", "has a host that cannot be one"],
  ["", "has no port"],
  ["tcp:a:1 udp:b:2 udp:c:3", "has more than one blank"],
  ["tcp:a:1  udp:b:2", "has more than one blank"],
  [" 127.0.0.1:2000", "has more than one blank, or one at an end"],
  ["127.0.0.1:2000 ", "has more than one blank, or one at an end"],
  ["1.2.3.4:1 5.6.7.8:2", `begins with neither "tcp:" nor "udp:"`],
  ["tcp:a:1 tcp:b:2", "names tcp twice"],
])("C-54: %j is an error, never the default", (text, reason) => {
  expect(() => parseDaemonAddress(text)).toThrow(reason);
});
